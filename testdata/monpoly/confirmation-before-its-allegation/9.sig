request_for_access_by_a_monitor_0(k:string,i:string)
access_granted_1(k:string)
tick()
