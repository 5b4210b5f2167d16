-- The kept answer of this generation, or whether the caller is the one to compute it: 1, or 0 while another does.
-- KEYS: the answer, the claim to compute it. ARGV: the generation, how long a claim holds in milliseconds.
local kept = redis.call('GET', KEYS[1])
if kept and string.sub(kept, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then
    return kept
end
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[2]) then
    return 1
end
return 0
