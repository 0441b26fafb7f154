suspension_0(k:string,i:string)
resumption_1(k:string)
tick()
