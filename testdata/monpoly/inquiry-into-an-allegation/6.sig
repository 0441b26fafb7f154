allegation_of_a_taking_off_0(k:string,i:string)
inquiry_1(k:string)
tick()
