"""The process that serves: how its requests are counted, what it shares with other processes.

connections ─► instrumentation ─► head ─► framework
                     │
                     ▼
                  metrics ◄── cache_sizes            run_folder ◄─► other processes

instrumentation: every request and answer counted, timed, kept for a rating · head: HEAD as GET without a body · metrics:
figures for Prometheus · cache_sizes: what the parts keep in memory · run_folder: the private folder of one service's processes ·
allocator: how many heaps the C library has
"""
