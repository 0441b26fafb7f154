alighting_0(k:string,i:string)
choice_of_destination_1(k:string)
tick()
