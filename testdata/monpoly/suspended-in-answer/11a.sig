suspension_0(k:string,i:string)
finding_of_a_breach_1(k:string)
tick()
