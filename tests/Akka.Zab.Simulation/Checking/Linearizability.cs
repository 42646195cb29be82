namespace Akka.Zab.Simulation.Checking;

/// <summary>What a search for a linearization came to.</summary>
/// <param name="IsLinearizable">Whether there is one; null if the search was given up.</param>
/// <param name="States">How many configurations were looked at.</param>
/// <param name="Explanation">If there is none, how far the best attempt came and what stood in its way.</param>
internal sealed record LinearizabilityResult(bool? IsLinearizable, long States, string Explanation = "");

/// <summary>
/// Is there one order of the operations that agrees with every answer, in which each takes effect between its call and
/// its return? The search is that of Wing and Gong: take any operation that no other had returned before the call of,
/// apply it to the model, go on, and come back if its answer does not fit. As Lowe does, configurations that were met
/// before (the same operations done, the same state reached) are not looked at again.
/// </summary>
/// <remarks>
/// The operations of one session take effect in their order, so what was done is a number for each session: far fewer
/// configurations than with sets of operations. An operation without an answer may also be passed over, but once a
/// later one of its session has taken effect, it never does.
/// </remarks>
internal sealed class Linearizability
{
    private readonly Operation[][] lanes;
    private readonly long[][] earliestReturns;
    private readonly int limit;
    private readonly HashSet<(ulong, ulong)> met = [];
    private readonly Stack<Configuration> open = new();
    private Configuration best;
    private int bestDone = -1;

    private readonly record struct Configuration(int[] Done, TreeModel State);

    private Linearizability(Operation[][] lanes, int limit)
    {
        this.lanes = lanes;
        this.limit = limit;
        earliestReturns = [.. lanes.Select(EarliestReturns)];
    }

    /// <param name="operations">The operations, in the order of their calls.</param>
    /// <param name="limit">After how many configurations the search is given up.</param>
    public static LinearizabilityResult Check(IEnumerable<Operation> operations, int limit = 2_000_000)
    {
        var lanes = operations.GroupBy(operation => operation.Lane).Select(lane => lane.ToArray()).ToArray();
        return new Linearizability(lanes, limit).Search();
    }

    private LinearizabilityResult Search()
    {
        Add(new Configuration(new int[lanes.Length], TreeModel.Empty));
        while (open.TryPop(out var configuration))
        {
            var barrier = Barrier(configuration.Done);
            if (barrier == Operation.Never)
                return new LinearizabilityResult(true, met.Count);
            if (met.Count > limit)
                return new LinearizabilityResult(null, met.Count);
            Extend(configuration, barrier);
        }

        return new LinearizabilityResult(false, met.Count, Explain());
    }

    /// <summary>The first return of an operation that is not done: none that was called later may come first.</summary>
    private long Barrier(int[] done)
    {
        var barrier = Operation.Never;
        for (var lane = 0; lane < lanes.Length; lane++)
            barrier = Math.Min(barrier, earliestReturns[lane][done[lane]]);
        return barrier;
    }

    private void Extend(in Configuration from, long barrier)
    {
        var next = new List<(long Return, Configuration To)>();
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            for (var i = from.Done[lane]; i < lanes[lane].Length; i++)
            {
                var operation = lanes[lane][i];
                if (operation.Call > barrier)
                    break;
                if (from.State.Apply(operation) is { } state && !(operation.MayNotHappen && state == from.State))
                {
                    var done = (int[])from.Done.Clone();
                    done[lane] = i + 1;
                    next.Add((operation.Return, new Configuration(done, state)));
                }

                if (!operation.MayNotHappen)
                    break;
            }
        }

        // The operation that returned first is tried first: pushed last.
        next.Sort(static (one, other) => other.Return.CompareTo(one.Return));
        foreach (var (_, to) in next)
            Add(to);
    }

    private void Add(in Configuration configuration)
    {
        var hash = 0UL;
        foreach (var done in configuration.Done)
            hash = TreeModel.Mix(hash, (ulong)done);
        if (!met.Add((hash, configuration.State.Hash)))
            return;
        open.Push(configuration);
        var total = configuration.Done.Sum();
        if (total <= bestDone)
            return;
        bestDone = total;
        best = configuration;
    }

    private string Explain()
    {
        var blocked = new List<Operation>();
        for (var lane = 0; lane < lanes.Length; lane++)
            blocked.AddRange(lanes[lane].Skip(best.Done[lane]).Take(1));
        return $"after {bestDone} of {lanes.Sum(lane => lane.Length)} operations none of these fits:\n    "
            + string.Join("\n    ", blocked.OrderBy(operation => operation.Call).Select(WithExpected));
    }

    private string WithExpected(Operation operation)
    {
        if (operation.Reply is null)
            return operation.ToString();
        var (_, expected) = best.State.Do(operation.Session, operation.Request);
        return $"{operation}; expected {Operation.Text(expected)}";
    }

    private static long[] EarliestReturns(Operation[] lane)
    {
        var returns = new long[lane.Length + 1];
        returns[^1] = Operation.Never;
        for (var i = lane.Length - 1; i >= 0; i--)
            returns[i] = Math.Min(returns[i + 1], lane[i].MayNotHappen ? Operation.Never : lane[i].Return);
        return returns;
    }
}
