departure_of_a_last_convoy_0(k:string,i:string)
departure_of_a_last_convoy_1(k:string)
tick()
