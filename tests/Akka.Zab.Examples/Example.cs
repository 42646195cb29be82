using System.Text;

namespace Akka.Zab.Examples;

/// <summary>
/// What the examples share: servers, and clients of them. In an application, <see cref="ConnectAsync"/> is
/// <c>ZabClient.ConnectAsync("host1:2181,host2:2181/app")</c>, or the form with an actor system.
/// </summary>
/// <remarks>Each runs over Akka's messages, over ZooKeeper's protocol, and against an Apache ZooKeeper.</remarks>
[Collection(EnsemblesCollection.Name)]
public abstract class Example(Ensembles ensembles) : IAsyncLifetime
{
    private readonly CancellationTokenSource _shutdown = new(TimeSpan.FromSeconds(60));
    private string? _root;

    public static TheoryData<Via> Everywhere => Ensembles.All;

    public static TheoryData<Via> OverTheWire => Ensembles.OverTheWire;

    /// <summary>An application's own: whatever waits stops when it is shut down.</summary>
    protected CancellationToken Stop => _shutdown.Token;

    /// <summary>A client; all clients of one example see the same tree, which is empty at first.</summary>
    protected async Task<ZabClient> ConnectAsync(Via via)
    {
        _root ??= await ensembles.RootAsync(via);
        return await ensembles.ConnectAsync(via, _root);
    }

    /// <summary>A connect string, as a configuration has it.</summary>
    protected async Task<string> ConnectStringAsync(Via via)
    {
        _root ??= await ensembles.RootAsync(via);
        return ensembles.Address(via) + _root;
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes ?? []);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _shutdown.Dispose();
        return Task.CompletedTask;
    }
}
