once(i:string,n:int)
then(j:string,m:int)
tick()
