namespace Akka.Zab.Client;

/// <summary>How long a client that has no server waits before it tries the next.</summary>
internal static class Backoff
{
    private const int MostDoublings = 30;

    /// <summary>
    /// The pause after an attempt failed: the share of one server in the pause of a round over all of them, which
    /// doubles from round to round, with up to half of it taken off by chance, so that clients that were cut off
    /// together do not come back together.
    /// </summary>
    /// <param name="failed">How many attempts have failed since there was a connection; at least 1.</param>
    /// <param name="servers">How many servers there are.</param>
    /// <param name="first">The pause of the first round.</param>
    /// <param name="longest">What the pause of a round grows to; less than <paramref name="first"/> means that.</param>
    /// <param name="random">The source of chance.</param>
    public static TimeSpan Pause(int failed, int servers, TimeSpan first, TimeSpan longest, Random random)
    {
        var rounds = Math.Min((failed - 1) / servers, MostDoublings);
        var round = Math.Min(first.Ticks * Math.Pow(2, rounds), Math.Max(first.Ticks, longest.Ticks));
        return TimeSpan.FromTicks((long)(round / servers * (1 - random.NextDouble() / 2)));
    }
}
