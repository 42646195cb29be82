namespace Akka.Zab.Simulation.Checking;

/// <summary>Everything that clients are promised, checked over one run.</summary>
internal static class ClientChecks
{
    /// <param name="events">What the clients did and were told, in order.</param>
    /// <param name="committed">Everything that was committed, in zxid order.</param>
    /// <param name="leaders">Who began to lead when, in order.</param>
    /// <param name="bounds">How exactly sessions have to end in time.</param>
    /// <param name="settled">
    /// Whether the faults had stopped, everything under way was answered or given up, and every server had applied
    /// everything.
    /// </param>
    /// <returns>What did not hold; empty if everything did.</returns>
    public static IReadOnlyList<Violation> Violations(
        IReadOnlyList<ClientEvent> events, IReadOnlyList<Committed> committed, IReadOnlyList<LeaderEstablished> leaders,
        SessionBounds bounds, bool settled = true)
    {
        var history = new CommittedHistory(committed);
        var violations = new List<Violation>();
        violations.AddRange(SequentialConsistency.Check(events, history));
        violations.AddRange(WatchStreams.Check(events, history, settled));
        violations.AddRange(SessionLifetimes.Check(events, history, leaders, bounds));
        if (settled)
            violations.AddRange(Linearizable(Operations.Of(events, committed)));
        return violations;
    }

    /// <summary>Writes and synced reads are linearizable; checked for each part of the tree by itself.</summary>
    public static IEnumerable<Violation> Linearizable(IReadOnlyList<Operation> operations)
    {
        foreach (var part in Partition.Of(operations))
        {
            var result = Linearizability.Check(part);
            if (result.IsLinearizable == true)
                continue;
            yield return new Violation(
                "writes and synced reads are linearizable", part[^1].At,
                result.IsLinearizable == false ? result.Explanation
                    : $"not decided after {result.States} configurations of {part.Length} operations");
        }
    }
}
