namespace Akka.Zab.Protocol;

/// <summary>
/// A transaction's place in history: the epoch of the leader that proposed it in the upper 32 bits, its number within
/// that epoch, from 1, in the lower 32.
/// </summary>
internal static class Zxid
{
    /// <summary>
    /// The last number of an epoch. A leader that comes near it steps down, so that a new epoch begins.
    /// </summary>
    public const uint LastCounter = uint.MaxValue;

    /// <summary>The epoch; 0 before the first transaction.</summary>
    public static int Epoch(long zxid) => (int)(zxid >> 32);

    /// <summary>The number within the epoch.</summary>
    public static uint Counter(long zxid) => (uint)zxid;

    /// <summary>The zxid of transaction <paramref name="counter"/> of <paramref name="epoch"/>.</summary>
    public static long Of(int epoch, uint counter) => ((long)epoch << 32) | counter;

    /// <summary>
    /// Whether a transaction <paramref name="next"/> may stand directly after <paramref name="last"/>.
    /// </summary>
    public static bool Follows(long next, long last) =>
        next == last + 1 || (Epoch(next) > Epoch(last) && Counter(next) == 1);

    /// <summary>As ZooKeeper's tools write it.</summary>
    public static string Text(long zxid) => $"0x{zxid:x}";
}
