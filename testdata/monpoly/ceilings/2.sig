flow(i:string,k:string,n:int)
tick()
