namespace Inventory.Server.Cache;

/// <summary>
/// What Redis does with copies, each in one step. Bytes are as in <see cref="CopyFormat"/>; Lua counts from 1. What is
/// not a copy, because somebody else put it there, is replaced or removed, and never fails a batch: hence pcall.
/// </summary>
internal static class CopyScripts
{
    /// <summary>
    /// Keys: items. ARGV: a token, the lease's life in ms. Answers each item's token: that of a copy that is there, or
    /// ours.
    /// </summary>
    public const string Lease = """
        local tokens = {}
        for i, key in ipairs(KEYS) do
            local head = redis.pcall('GETRANGE', key, 0, 15)
            if type(head) == 'string' and #head == 16 then
                tokens[i] = string.sub(head, 9, 16)
            else
                redis.call('SET', key, 'L' .. string.rep('\0', 7) .. ARGV[1], 'PX', ARGV[2])
                tokens[i] = ARGV[1]
            end
        end
        return tokens
        """;

    /// <summary>
    /// Keys: items. ARGV: the lifetime in ms, then for each item its token, flags and rows. A row that was written to
    /// the copy since the lease, and is newer, stays; of it only what no commit tells is taken from here. A row that
    /// began since ends the copy: the next one has it.
    /// </summary>
    public const string Fill = """
        for i, key in ipairs(KEYS) do
            local fill = ARGV[i + 1]
            local copy = redis.pcall('GET', key)
            if type(copy) == 'string' and string.sub(copy, 9, 16) == string.sub(fill, 1, 8) then
                local written = {}
                for at = 17, #copy - 75, 76 do
                    written[string.sub(copy, at, at + 3)] = at
                end
                local parts = { 'F', string.sub(fill, 9, 9), string.rep('\0', 6), string.sub(fill, 1, 8) }
                for at = 10, #fill, 76 do
                    local row = string.sub(fill, at, at + 75)
                    local old = written[string.sub(row, 1, 4)]
                    if old and struct.unpack('<i8', copy, old + 4) > struct.unpack('<i8', row, 5) then
                        row = string.sub(copy, old, old + 35) .. string.sub(row, 37, 76)
                    end
                    written[string.sub(row, 1, 4)] = nil
                    parts[#parts + 1] = row
                end
                if next(written) then
                    redis.call('DEL', key)
                else
                    redis.call('SET', key, table.concat(parts), 'PX', ARGV[1])
                end
            end
        end
        """;

    /// <summary>
    /// Keys: one item a row. ARGV: for each its row, the part that a commit tells (written where it is newer) or the
    /// whole with the item's flags (where it is not older). A complete copy without this warehouse is given up. Answers
    /// the places of those that met something newer.
    /// </summary>
    public const string Write = """
        local newer = {}
        for i, key in ipairs(KEYS) do
            local copy = redis.pcall('GET', key)
            if type(copy) == 'string' then
                local row = ARGV[i]
                local whole = #row > 36
                local warehouse = string.sub(row, 1, 4)
                local found = nil
                for at = 17, #copy - 75, 76 do
                    if string.sub(copy, at, at + 3) == warehouse then
                        found = at
                        break
                    end
                end
                if found then
                    local there = struct.unpack('<i8', copy, found + 4)
                    local version = struct.unpack('<i8', row, 5)
                    if there > version then
                        newer[#newer + 1] = i - 1
                    elseif whole then
                        redis.call('SETRANGE', key, found + 3, string.sub(row, 5, 76))
                        redis.call('SETRANGE', key, 1, string.sub(row, 77, 77))
                    elseif there < version then
                        redis.call('SETRANGE', key, found + 3, string.sub(row, 5, 36))
                    end
                elseif string.sub(copy, 1, 1) == 'L' then
                    redis.call('APPEND', key, string.sub(row, 1, 76) .. string.rep('\0', whole and 0 or 40))
                else
                    redis.call('DEL', key)
                end
            elseif copy then
                redis.call('DEL', key)
            end
        end
        return newer
        """;

    /// <summary>
    /// ARGV: where to go on (first 0), and what the keys look like. Removes some; answers where to go on, 0 at the end.
    /// </summary>
    public const string Sweep = """
        local answer = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)
        if #answer[2] > 0 then
            redis.call('UNLINK', unpack(answer[2]))
        end
        return answer[1]
        """;
}
