using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>Settings that are a JSON document in a znode.</summary>
[Collection(EnsemblesCollection.Name)]
public partial class ConfigurationTests(Ensembles ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task Settings_follow_what_anybody_changes_and_survive_a_document_that_is_none(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var root = await ensembles.RootAsync(via);
        await using var a = await ensembles.ConnectAsync(via, root);
        await using var b = await ensembles.ConnectAsync(via, root);
        await using var limits = await ZabConfiguration<Limits>.StartAsync(a, "/limits", Json.Default.Limits);
        await using var others = await ZabConfiguration<Limits>.StartAsync(b, "/limits", Json.Default.Limits);
        await using var told = limits.ReadAsync(patience.Token).GetAsyncEnumerator();
        Assert.True(await told.MoveNextAsync());
        Assert.Null(told.Current);

        var changed = await others.UpdateAsync(now => (now ?? new Limits(0, "a")) with { Rate = 5 });
        Assert.Equal(new Limits(5, "a"), changed);
        await UntilAsync(new Limits(5, "a"));
        Assert.Equal(new Limits(5, "a"), limits.Current);

        await b.SetDataAsync("/limits", "{ \"rate\": "u8.ToArray());
        await Assert.ThrowsAsync<JsonException>(() => others.UpdateAsync(_ => new Limits(6, "b")));
        await b.SetDataAsync("/limits", "{ \"rate\": 7, \"zone\": \"b\" }"u8.ToArray());
        await UntilAsync(new Limits(7, "b"));
        Assert.Null(limits.Invalid);

        await b.DeleteAsync("/limits");
        await UntilAsync(null);

        async Task UntilAsync(Limits? expected)
        {
            // What was created empty to be set is told, too, to one who is quick.
            do Assert.True(await told.MoveNextAsync());
            while (told.Current != expected);
        }
    }

    [Fact]
    public async Task A_document_that_is_none_at_the_beginning_is_said_to_be_invalid()
    {
        var root = await ensembles.RootAsync(Via.Akka);
        await using var zab = await ensembles.ConnectAsync(Via.Akka, root);
        await zab.CreateAsync("/limits", "[]"u8.ToArray());
        await using var limits = await ZabConfiguration<Limits>.StartAsync(zab, "/limits", Json.Default.Limits);
        Assert.Null(limits.Current);
        Assert.NotNull(limits.Invalid);
    }

    [Fact]
    public async Task Who_reads_is_told_when_the_session_is_over_and_nothing_more_when_it_is_disposed_of()
    {
        var root = await ensembles.RootAsync(Via.Akka);
        var zab = await ensembles.ConnectAsync(Via.Akka, root);
        await using var limits = await ZabConfiguration<Limits>.StartAsync(zab, "/limits", Json.Default.Limits);
        var others = await ZabConfiguration<Limits>.StartAsync(zab, "/limits", Json.Default.Limits);
        await using var ended = others.ReadAsync().GetAsyncEnumerator();
        Assert.True(await ended.MoveNextAsync());
        await others.DisposeAsync();
        Assert.False(await ended.MoveNextAsync().AsTask().WaitAsync(Patience));
        await using var told = limits.ReadAsync().GetAsyncEnumerator();
        Assert.True(await told.MoveNextAsync());
        var next = told.MoveNextAsync().AsTask();
        await zab.DisposeAsync();
        await Assert.ThrowsAsync<SessionExpiredException>(() => next.WaitAsync(Patience));
    }

    internal sealed record Limits(int Rate, string Zone);

    [JsonSerializable(typeof(Limits))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    internal sealed partial class Json : JsonSerializerContext;
}
