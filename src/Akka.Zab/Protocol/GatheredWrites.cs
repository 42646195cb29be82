using System.Diagnostics.CodeAnalysis;
using Akka.Zab.Client;

namespace Akka.Zab.Protocol;

/// <summary>
/// The writes that wait to be judged, in order. What a session asks for behind a sync waits until the sync is answered:
/// its reads in between are made then, and must not see what the session asked for after them.
/// </summary>
internal sealed class GatheredWrites
{
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

    public void Add(in OriginWrite write) => arrived.Enqueue(write);

    /// <summary>The next to be judged.</summary>
    public bool TryTake([MaybeNullWhen(false)] out OriginWrite write)
    {
        while (released.TryDequeue(out write) || arrived.TryDequeue(out write))
        {
            if (behindSync.Count == 0 || !behindSync.TryGetValue(write.SessionId, out var line))
                return true;
            // One sync need not wait for another.
            if (write.Operation is Sync && line.Waiting.Count == 0)
                return true;
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
}
