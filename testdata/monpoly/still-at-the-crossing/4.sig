enters(v:string,x:string,i:string)
leaves(i:string)
post(x:string)
tick()
