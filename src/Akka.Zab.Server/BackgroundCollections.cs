using System.Runtime;

namespace Akka.Zab.Server;

/// <summary>
/// Has everything collected in the background when the collector has found no reason to do so for a while. The runtime
/// ends its thread for that after 20 seconds without work, and starts it anew with the next collection of everything; where
/// that thread is not up at once, all others are stopped for the whole collection instead, which for a million znodes takes
/// a fifth of a second.
/// </summary>
internal sealed class BackgroundCollections
{
    /// <summary>Two of these, and what a busy machine adds, are less than the runtime's 20 seconds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);

    /// <summary>Bytes: a smaller heap is collected soon enough, however it is done.</summary>
    public const long SmallHeap = 32 << 20;

    long _seen = -1;

    /// <summary>
    /// Looks after it every <see cref="Interval"/> until disposed; null where the collector keeps its threads or has none.
    /// </summary>
    public static Timer? Start()
    {
        if (GCSettings.IsServerGC || GCSettings.LatencyMode == GCLatencyMode.Batch)
            return null;
        var collections = new BackgroundCollections();
        return new Timer(_ => collections.Look(), null, Interval, Interval);
    }

    /// <summary>The number of the last collection in the background.</summary>
    public static long Last => GC.GetGCMemoryInfo(GCKind.Background).Index;

    /// <summary>Begins one, and does not wait until it is done.</summary>
    public static void Begin() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);

    /// <summary>Whether none has been since it was last asked, and the heap is large enough to mind.</summary>
    /// <param name="last">The number of the last collection in the background.</param>
    /// <param name="heapBytes">The size of the heap.</param>
    public bool IsDue(long last, long heapBytes)
    {
        var none = last == _seen;
        _seen = last;
        return none && heapBytes >= SmallHeap;
    }

    void Look()
    {
        if (IsDue(Last, GC.GetTotalMemory(forceFullCollection: false)))
            Begin();
    }
}
