flow(i:string,n:int)
tick()
