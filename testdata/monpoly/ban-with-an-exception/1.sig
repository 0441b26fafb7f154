taking_off_0(i:string)
tick()
