namespace Akka.Zab.ZooKeeper.Words;

/// <summary>What the runtime says of this process's memory, at one moment.</summary>
/// <param name="AllocatedBytes">Allocated since the process began, but for what threads still have in hand.</param>
/// <param name="HeapBytes">On the heap now, garbage that was not collected yet included.</param>
/// <param name="Gen0">Collections so far, of the youngest generation or more.</param>
/// <param name="Gen1">Of the first two generations or more.</param>
/// <param name="Gen2">Of everything.</param>
/// <param name="Paused">For how long all threads were stopped for them, in all.</param>
internal readonly record struct CollectorFigures(
    long AllocatedBytes, long HeapBytes, int Gen0, int Gen1, int Gen2, TimeSpan Paused)
{
    public static CollectorFigures Now() => new(
        GC.GetTotalAllocatedBytes(), GC.GetTotalMemory(forceFullCollection: false),
        GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), GC.GetTotalPauseDuration());
}
