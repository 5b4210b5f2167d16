-- One request of one client: counts it, unless its window is full, and tells the cache's generation.
-- KEYS: the client's window, the generation. ARGV: requests, window in microseconds, a fresh generation.
-- Answers {served (1 or 0), requests in the window, the oldest's time, now, generation}; times in microseconds.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
-- First, because a full server lets a script go on that has begun to make room.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local generation = redis.call('GET', KEYS[2])
if not generation then
    generation = ARGV[3]
    redis.call('SET', KEYS[2], generation)
end
local count = redis.call('ZCARD', KEYS[1])
local served = 0
if count < limit then
    served = 1
    count = count + 1
    local stamp = string.format('%.0f', now)
    redis.call('ZADD', KEYS[1], stamp, stamp .. ':' .. count)
    redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return {served, count, oldest, string.format('%.0f', now), generation}
