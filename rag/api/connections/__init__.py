"""How connections come, how long they may stay, and how they and the processes that serve them end.

listener ─► acceptor ─► protocol ◄─► register        who must go when there are too many
                           │ strict: what is no request for certain
                           ▼
                        observer ─► application      draining ◄─ SIGTERM       supervisor ◄─► worker processes

acceptor: the event loop whose listeners take connections one by one, and go on while the service stops · protocol: uvicorn's,
which closes what stands still and lets a client read why · strict: a request that two readers could read as two is none ·
register: how many connections there may be, of one address and in all · observer: tells the protocol when a request begins
and ends · draining: between the signal to stop and the end · supervisor: several processes, which stop together · ending: a process
that ends at once ·
repeated_lines: what an attacker can have logged again and again is logged once a minute
"""
