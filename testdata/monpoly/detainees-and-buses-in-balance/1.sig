flow(i:string,n:int,m:int)
tick()
