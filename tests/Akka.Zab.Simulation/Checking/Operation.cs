using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

/// <summary>How an operation ended, as far as is known.</summary>
internal enum Outcome
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was not answered, but took effect.</summary>
    Happened,

    /// <summary>It was not answered: perhaps it took effect, perhaps it never will.</summary>
    Unknown,
}

/// <summary>
/// An operation as an interval. It took effect at one moment between its call and its return. Moments are places in the
/// list of events, so that two events of the same microsecond still have an order.
/// </summary>
/// <param name="Session">Whose it is; the operations of a session take effect in the order of their calls.</param>
/// <param name="Call">It did not take effect before this.</param>
/// <param name="Return">It had taken effect by this; <see cref="Never"/> if it is not known to have.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Reply">What was answered, or null.</param>
/// <param name="Outcome">Whether it took effect.</param>
internal sealed record Operation(
    long Session, long Call, long Return, Request Request, Reply? Reply, Outcome Outcome)
{
    public const long Never = long.MaxValue;

    /// <summary>Operations of one lane take effect in order; the end of a session has a lane of its own.</summary>
    public long Lane { get; init; } = Session;

    /// <summary>When it was called, in microseconds.</summary>
    public long At { get; init; }

    /// <summary>Whether it may be left out.</summary>
    public bool MayNotHappen => Outcome == Outcome.Unknown;

    public override string ToString() =>
        $"session {Session:x} at {At / 1_000_000.0:f6} s: {Text(Request)}"
        + Outcome switch
        {
            Outcome.Answered => $" -> {Text(Reply!)}",
            Outcome.Happened => " (unanswered, took effect)",
            _ => " (unanswered)",
        };

    internal static string Text(Request request) => request switch
    {
        Create create => $"create {create.Path} = {Values.In(create.Data)}"
            + (create.Mode == CreateMode.Persistent ? "" : $" ({create.Mode})"),
        SetData set => $"set {set.Path} = {Values.In(set.Data)}{AtVersion(set.Version)}",
        Delete delete => $"delete {delete.Path}{AtVersion(delete.Version)}",
        Multi multi => $"multi [{string.Join("; ", multi.Operations.Select(Text))}]",
        ReadRequest read => $"{read.GetType().Name} {read.Path}",
        _ => request.GetType().Name,
    };

    private static string AtVersion(int version) => version == -1 ? "" : $" at version {version}";

    internal static string Text(Reply reply) => reply switch
    {
        ErrorReply error => error.Error.ToString(),
        CreatedReply created => $"created {created.Path}",
        StatReply stat => $"version {stat.Stat.Version}",
        DataReply data => $"{Values.In(data.Data)} version {data.Stat.Version}",
        ChildrenReply children => $"[{string.Join(' ', children.Names)}]",
        MultiReply multi => $"[{string.Join("; ", multi.Results.Select(Text))}]",
        _ => "done",
    };
}
