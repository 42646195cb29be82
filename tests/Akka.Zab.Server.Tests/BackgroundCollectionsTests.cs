using System.Runtime;

namespace Akka.Zab.Server.Tests;

public class BackgroundCollectionsTests
{
    const long Large = BackgroundCollections.SmallHeap;

    readonly BackgroundCollections _collections = new();

    [Fact]
    public void One_is_due_when_none_has_been_since_the_last_look()
    {
        Assert.False(_collections.IsDue(7, Large));
        Assert.True(_collections.IsDue(7, Large));
    }

    [Fact]
    public void None_is_due_while_the_collector_does_it_by_itself()
    {
        for (var last = 0; last < 10; last++)
            Assert.False(_collections.IsDue(last, Large));
    }

    [Fact]
    public void A_small_heap_is_left_alone()
    {
        for (var look = 0; look < 10; look++)
            Assert.False(_collections.IsDue(7, Large - 1));
    }

    [Fact]
    public void Between_two_there_is_less_time_than_the_runtime_waits()
        => Assert.True(2 * BackgroundCollections.Interval < TimeSpan.FromSeconds(20 - 3));

    [Fact]
    public void One_that_is_begun_is_of_everything()
    {
        var before = GC.CollectionCount(GC.MaxGeneration);
        BackgroundCollections.Begin();
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
    }

    [Fact]
    public void Where_the_collector_has_no_thread_for_it_nobody_looks()
    {
        using var looks = BackgroundCollections.Start();
        Assert.Equal(GCSettings.IsServerGC || GCSettings.LatencyMode == GCLatencyMode.Batch, looks is null);
    }
}
