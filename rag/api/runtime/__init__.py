"""The process that serves: how it counts, how it starts and stops, how connections and processes meet.

server ─► timeouts ─ connection ─► instrumentation ─► head ─► framework
              │ closes what stands still     │
              ▼                              ▼
           aborted                   metrics ◄── cache_sizes            run_folder ◄─► other processes
                                                                        shutdown  ─► open streams end

timeouts: uvicorn's protocol, which closes connections that stand still · connection: tells that protocol when a request
begins and ends · instrumentation: every request and answer counted, timed, kept for a rating · head: HEAD as GET without a
body · metrics: figures for Prometheus · cache_sizes: what the parts keep in memory · run_folder: the private folder of one
service's processes · shutdown: open streams are ended before the server cuts them
"""
