namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>One line of the table.</summary>
/// <param name="Key">What it is called on the command line and in the file of samples.</param>
/// <param name="What">What is measured, with its unit.</param>
/// <param name="Target">The ratio to ZooKeeper that is aimed at; null where there is none.</param>
/// <param name="AtLeast">Whether more is better.</param>
/// <param name="Part">The part of the run that measures it.</param>
internal sealed record Row(string Key, string What, double? Target, bool AtLeast, Part Part)
{
    /// <summary>A target that is not a ratio but a limit for this product's own figure.</summary>
    public double? Limit { get; init; }

    public static IReadOnlyList<Row> All { get; } =
    [
        Throughput("get", "get", 15),
        Throughput("exists", "exists", 15),
        Throughput("children", "children of 64 names", 10),
        Throughput("mixed", "mixed, 90 % reads", 10),
        Throughput("set", "set", 4),
        Throughput("create", "create", 4),
        Throughput("ephemeral", "create ephemeral", 4),
        Throughput("multi", "multi of 10 sets", 4),
        Time("p99-get", "get at ZooKeeper's maximum throughput, p99 ms", 0.25, Part.Rounds),
        Time("p99-set", "set at ZooKeeper's maximum throughput, p99 ms", 0.25, Part.Rounds),
        Time("p99-mixed", "mixed at ZooKeeper's maximum throughput, p99 ms", 0.25, Part.Rounds),
        Time("set-one", "one set at a time, p50 ms", 0.8, Part.Rounds),
        Time("get-one", "one get at a time, p50 ms", 0.7, Part.Rounds),
        Time("watch", "5,000 watchers told, ms", 0.25, Part.Rounds),
        Time("sessions", "5,000 sessions opened, s", 0.2, Part.Rounds),
        Time("gap", "leader killed: longest time without an acknowledged write, ms", 0.35, Part.Gap),
        Time("znode", "live heap for each of a million znodes with 131 bytes of data, bytes", 0.5, Part.Million),
        Time("resident", "resident memory of a server with a million znodes, MiB", 0.5, Part.Million),
        Time("restart", "a follower with a million znodes killed and started again until it serves, s", 0.5, Part.Million),
        new("stall", "longest time without any reply during the mixed load, ms", null, false, Part.Million) { Limit = 50 },
        new("stall-server", "the same, of one of the three servers", null, false, Part.Million),
        new("stall-machine", "longest oversleeping of a thread of the load generator meanwhile, ms", null, false, Part.Million),
    ];

    /// <summary>Whether a ratio, or this product's own figure, is as it should be; null where nothing is to be compared.</summary>
    public bool? Met(double ours, double ratio) => this switch
    {
        { Limit: { } limit } => ours < limit,
        { Target: { } target } when !double.IsNaN(ratio) => AtLeast ? ratio >= target : ratio <= target,
        _ => null,
    };

    public string TargetText => this switch
    {
        { Limit: { } limit } => $"under {limit}",
        { Target: { } target } => FormattableString.Invariant($"{(AtLeast ? "≥" : "≤")} {target}"),
        _ => "",
    };

    private static Row Throughput(string key, string what, double target) =>
        new(key, $"{what}, per second", target, true, Part.Rounds);

    private static Row Time(string key, string what, double target, Part part) => new(key, what, target, false, part);
}

/// <summary>What is measured together.</summary>
internal enum Part
{
    /// <summary>Short measurements, each once in every round, the systems in turn.</summary>
    Rounds,

    /// <summary>Many kills in one ensemble.</summary>
    Gap,

    /// <summary>A large tree.</summary>
    Million,
}
