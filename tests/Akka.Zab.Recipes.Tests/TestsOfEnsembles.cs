using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>
/// Tests with clients of the ensembles that all tests share: below a root of their own, over one way at a time, and ended
/// when the test has.
/// </summary>
public abstract class TestsOfEnsembles(Ensembles ensembles, TimeSpan patience) : IAsyncLifetime
{
    private readonly CancellationTokenSource _patience = new(patience);
    private readonly List<ZabClient> _clients = [];

    public static TheoryData<Via> All => Ensembles.All;

    /// <summary>How long a test may take.</summary>
    protected TimeSpan Patience => patience;

    protected CancellationToken Patient => _patience.Token;

    protected Ensembles Ensembles => ensembles;

    /// <summary>In the order in which they connected.</summary>
    protected IReadOnlyList<ZabClient> Clients => _clients;

    /// <summary>What all paths of the test's clients are below; null before the first has connected.</summary>
    protected string? Root { get; private set; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        _patience.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<ZabClient> Client(Via via, TimeSpan? sessionTimeout = null)
    {
        var client = await ensembles.ConnectAsync(via, await RootAsync(via), sessionTimeout);
        _clients.Add(client);
        return client;
    }

    protected async Task<string> RootAsync(Via via) => Root ??= await ensembles.RootAsync(via);

    /// <summary>Waits until a znode has that many children.</summary>
    protected async Task Children(ZabClient zab, string path, int count)
    {
        await foreach (var children in zab.WatchChildrenAsync(path, Patient))
            if ((children?.Names.Count ?? 0) == count) return;
    }
}
