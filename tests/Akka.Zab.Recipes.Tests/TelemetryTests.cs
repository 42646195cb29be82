using Akka.Zab.Client.Recipes;
using Akka.Zab.Client.Tests;

namespace Akka.Zab.Recipes.Tests;

/// <summary>What clients and recipes tell of themselves is the same over both protocols.</summary>
[Collection(EnsemblesCollection.Name)]
public class TelemetryTests(Ensembles ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task Calls_are_measured_with_the_server_that_answered(Via via)
    {
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        using var told = new TelemetryRecorder(root);
        await zab.CreateAsync("/a", []);
        var tags = Assert.Single(told.Of("db.client.operation.duration"));
        Assert.Equal("create", tags["db.operation.name"]);
        Assert.Equal(via == Via.Akka ? "akka.zab" : "zookeeper", tags["db.system.name"]);
        var server = $"{tags.GetValueOrDefault("server.address")}:{tags.GetValueOrDefault("server.port")}";
        Assert.Equal(via == Via.Akka ? ":" : ensembles.Address(via), server);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_hold_is_counted_while_it_is_held_and_its_wait_is_a_span_around_the_calls(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        using var told = new TelemetryRecorder(root);
        var mutex = new ZabMutex(zab, "/m");
        await using (await mutex.AcquireAsync(patience.Token))
        {
            Assert.Equal(1, told.Sum("zab.client.hold.count", "zab.recipe", "mutex"));
            Assert.Null(await mutex.TryAcquireAsync(TimeSpan.Zero, patience.Token));
        }
        Assert.Equal(0, told.Sum("zab.client.hold.count", "zab.recipe", "mutex"));
        Assert.Equal(
            [null, "busy"],
            told.Of("zab.client.hold.wait.duration").Select(tags => tags.GetValueOrDefault("error.type")));
        Assert.Empty(told.Of("zab.client.hold.losses"));
        var create = told.Spans.First(span => span.DisplayName == $"create {root}");
        Assert.Contains(told.Spans, span => span.DisplayName == "mutex" && span.SpanId == create.ParentSpanId);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_hold_that_is_lost_is_told_once(Via via)
    {
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        using var told = new TelemetryRecorder(root);
        var hold = await new ZabElection(zab, "/e", "a").LeadAsync();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = hold.Lost.Register(lost.SetResult);
        await zab.DeleteAsync(hold.Path);
        await lost.Task.WaitAsync(Patience);
        await hold.DisposeAsync();
        Assert.Equal(1, told.Sum("zab.client.hold.losses", "zab.recipe", "election"));
        Assert.Equal(0, told.Sum("zab.client.hold.count", "zab.recipe", "election"));
    }
}
