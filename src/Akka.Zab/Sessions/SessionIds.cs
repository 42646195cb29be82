using System.Diagnostics;

namespace Akka.Zab.Sessions;

/// <summary>
/// Ids for new sessions: the server's id in the top byte, then 40 bits of the milliseconds at which the server started,
/// then a counter of 16 bits that carries into them. Two servers never give the same id; a server that restarts begins
/// later.
/// </summary>
/// <param name="serverId">The server's id, 1 to 255.</param>
/// <param name="unixMs">
/// The wall clock at start. ZooKeeper takes the time since boot here, which a machine repeats after each boot.
/// </param>
internal sealed class SessionIds(int serverId, long unixMs)
{
    private const int ServerShift = 56;
    private const long LowBits = (1L << ServerShift) - 1;
    private readonly long _top = (long)serverId << ServerShift;
    private long _low = (unixMs << 16) & LowBits;

    /// <summary>The next id; never 0.</summary>
    public long Next()
    {
        _low = (_low + 1) & LowBits;
        Trace.Assert(_top != 0, "A server's id is at least 1.");
        return _top | _low;
    }
}
