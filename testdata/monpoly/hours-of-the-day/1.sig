outside(i:string)
tick()
