namespace Akka.Zab.Benchmarks.Stages;

/// <summary>
/// Which part of a server a sample of its processor time belongs to. What is called on behalf of a part (a copy, the
/// tree, a lock) is that part's, so the innermost frame that names a part decides; the kernel and the collector are
/// stages of their own.
/// </summary>
internal static class Stage
{
    public const string Collector = "garbage collection";
    private const string Unknown = "elsewhere";

    private static readonly (string Stage, string[] Symbols)[] Managed =
    [
        ("port", ["[Akka.Zab.ZooKeeper]", "[Microsoft.AspNetCore", "[Akka.Zab.Client] Akka.Zab.Client.Jute"]),
        ("session", ["Akka.Zab.Sessions."]),
        ("peer", ["Akka.Zab.Protocol."]),
        ("history", ["Akka.Zab.History.", "[Akka.Persistence", "[Microsoft.Data.Sqlite]", "[SQLitePCLRaw"]),
        ("replica", ["Akka.Zab.Replica."]),
        ("engine, remoting", ["[Akka.Remote]", "[Akka.Cluster]", "[Akka.Serialization.Hyperion]", "[Hyperion]"]),
        ("engine, dispatch", ["[Akka]"]),
    ];

    /// <summary>Only where no frame names a part: what runs before any of them is called.</summary>
    private static readonly (string Stage, string[] Symbols)[] Below =
    [
        ("sockets and thread pool", ["[System.Net.Sockets]", "[System.IO.Pipelines]", "System.Threading."]),
        ("tree, of no part", ["Akka.Zab.Tree."]),
    ];

    private static readonly (string Stage, string[] Symbols)[] Kernel =
    [
        ("system calls, disk", ["fsync", "fdatasync", "ext4_", "xfs_", "vfs_write", "vfs_read", "pwrite64", "pread64"]),
        ("system calls, network", ["tcp_", "sock_", "inet_", "epoll", "sendmsg", "recvmsg", "sendto", "recvfrom", "shutdown"]),
        ("system calls, waking and waiting", ["futex", "sched_yield", "nanosleep"]),
        ("system calls, memory", ["page_fault", "madvise", "mmap", "munmap", "mprotect"]),
    ];

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Managed.Select(stage => stage.Stage), .. Below.Select(stage => stage.Stage), Collector, "runtime", "compiler",
        .. Kernel.Select(stage => stage.Stage), "system calls, others", Unknown,
    ];

    /// <summary>Assigns a stack, the innermost frame first.</summary>
    public static string Of(IReadOnlyList<Frame> stack)
    {
        if (stack.Count == 0)
            return Unknown;
        if (stack[0].InKernel)
            return Find(Kernel, stack.TakeWhile(frame => frame.InKernel)) ?? "system calls, others";
        if (stack[0].Module.StartsWith("libclrgc", StringComparison.Ordinal))
            return Collector;
        if (stack[0].Module.StartsWith("libclrjit", StringComparison.Ordinal))
            return "compiler";
        // Neither has the frame pointers by which its callers could be found.
        if (stack[0].Module.StartsWith("libe_sqlite3", StringComparison.Ordinal))
            return "history";
        return Find(Managed, stack) ?? Find(Below, stack)
            ?? (stack[0].Module.StartsWith("libcoreclr", StringComparison.Ordinal) ? "runtime" : Unknown);
    }

    private static string? Find((string Stage, string[] Symbols)[] stages, IEnumerable<Frame> stack)
    {
        foreach (var frame in stack)
        {
            foreach (var (stage, symbols) in stages)
            {
                if (Array.Exists(symbols, symbol => frame.Symbol.Contains(symbol, StringComparison.Ordinal)))
                    return stage;
            }
        }

        return null;
    }
}

/// <summary>One frame: its function, and the file that it is in.</summary>
internal readonly record struct Frame(string Symbol, string Module)
{
    public bool InKernel => Module.Contains("kernel", StringComparison.Ordinal);
}
