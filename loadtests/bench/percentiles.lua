-- What wrk's own report leaves out: one line of JSON, times in microseconds.
done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local line = 'percentiles {"requests": %d, "failed": %d, "p95": %d, "p99": %d}\n'
  io.write(string.format(line, summary.requests, failed, latency:percentile(95), latency:percentile(99)))
end
