due(i:string)
done(i:string)
tick()
