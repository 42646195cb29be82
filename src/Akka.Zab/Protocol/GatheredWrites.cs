using System.Diagnostics.CodeAnalysis;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// A write that came when too much was waiting already. It keeps its place among its session's writes, without its
/// data, and is refused when it is its turn.
/// </summary>
internal sealed record RefusedWrite : WriteRequest
{
    public static RefusedWrite Instance { get; } = new();
}

/// <summary>
/// The writes that wait to be judged, in order. What a session asks for behind a sync waits until the sync is answered:
/// its reads in between are made then, and must not see what the session asked for after them. There is a bound on their
/// bytes: of what comes beyond it only the place is kept. What the ensemble itself asks for, and what opens, moves or
/// closes a session, is never refused.
/// </summary>
/// <param name="maxBytes">How many bytes may wait. A single write may have more.</param>
internal sealed class GatheredWrites(long maxBytes = long.MaxValue)
{
    private const int BytesOfWrite = 64;

    private readonly Queue<OriginWrite> arrived = new();
    private readonly Queue<OriginWrite> released = new();
    private readonly Dictionary<long, Line> behindSync = [];

    private sealed class Line
    {
        public readonly Queue<OriginWrite> Waiting = new();
        public int Syncs;
    }

    /// <summary>How many there are, without those behind a sync.</summary>
    public int Count => released.Count + arrived.Count;

    /// <summary>About how many bytes wait, with those behind a sync.</summary>
    public long Bytes { get; private set; }

    public void Add(in OriginWrite write)
    {
        var bytes = SizeOf(write.Operation);
        if (Bytes > 0 && Bytes + bytes > maxBytes && MayBeRefused(write))
        {
            arrived.Enqueue(write with { Operation = RefusedWrite.Instance });
            return;
        }

        Bytes += bytes;
        arrived.Enqueue(write);
    }

    /// <summary>The next to be judged.</summary>
    public bool TryTake([MaybeNullWhen(false)] out OriginWrite write)
    {
        while (released.TryDequeue(out write) || arrived.TryDequeue(out write))
        {
            // One sync need not wait for another.
            if (behindSync.Count == 0 || !behindSync.TryGetValue(write.SessionId, out var line)
                || (write.Operation is Sync && line.Waiting.Count == 0))
            {
                Bytes -= SizeOf(write.Operation);
                return true;
            }

            line.Waiting.Enqueue(write);
        }

        return false;
    }

    /// <summary>The session waits for the answer to a sync from now on.</summary>
    public void HoldBehindSync(long session)
    {
        if (!behindSync.TryGetValue(session, out var line))
            behindSync.Add(session, line = new Line());
        line.Syncs++;
    }

    /// <summary>
    /// A sync is answered. What waited behind the session's last one comes before anything that has just arrived.
    /// </summary>
    public void SyncIsAnswered(long session)
    {
        if (!behindSync.TryGetValue(session, out var line) || --line.Syncs > 0)
            return;
        behindSync.Remove(session);
        while (line.Waiting.TryDequeue(out var write))
            released.Enqueue(write);
    }

    private static bool MayBeRefused(in OriginWrite write) =>
        write.RequestId != 0 && write.Operation is not (OpenSession or ReattachSession or CloseSession);

    private static int SizeOf(WriteRequest operation)
    {
        switch (operation)
        {
            case RefusedWrite:
                return 0;
            case Create create:
                return BytesOfWrite + create.Path.Length + (create.Data?.Length ?? 0);
            case SetData set:
                return BytesOfWrite + set.Path.Length + (set.Data?.Length ?? 0);
            case Multi multi:
                var bytes = BytesOfWrite;
                foreach (var part in multi.Operations)
                    bytes += SizeOf(part);
                return bytes;
            default:
                return BytesOfWrite;
        }
    }
}
