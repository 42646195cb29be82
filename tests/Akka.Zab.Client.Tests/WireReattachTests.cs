using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Configuration;

namespace Akka.Zab.Client.Tests;

/// <summary>How a client comes back over ZooKeeper's protocol: sockets are real, time is not.</summary>
public sealed class WireReattachTests : TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public WireReattachTests() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"") =>
        _listener.Start();

    private TestKit.TestScheduler Scheduler => (TestKit.TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task It_tries_until_it_is_served_and_takes_its_session_along_when_the_server_goes()
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka.zab.client {
              transport = wire
              servers = ["127.0.0.1:{{((IPEndPoint)_listener.LocalEndpoint).Port}}"]
              attempt-timeout = 1h
              connect-timeout = 1h
            }
            """);
        var connecting = ZabClient.ConnectAsync(config, Sys);
        for (var i = 0; i < 5; i++)
        {
            using var refused = await NextConnectionAsync();
        }
        using (var serving = await NextConnectionAsync())
        {
            Assert.Equal((0L, 10_000), await HandshakeAsync(serving));
            var client = await connecting.WaitAsync(Patience);
            Assert.Equal((77L, ConnectionState.Connected), (client.SessionId, client.State));
            await using var states = client.ReadStatesAsync().GetAsyncEnumerator();
            Assert.True(await states.MoveNextAsync());
            var write = client.SetDataAsync("/a", []);
            serving.Close();
            await Assert.ThrowsAsync<ConnectionLossException>(() => write.WaitAsync(Patience));
            Assert.True(await states.MoveNextAsync());
            Assert.Equal(ConnectionState.Disconnected, states.Current);

            using var next = await NextConnectionAsync();
            Assert.Equal((77L, 10_000), await HandshakeAsync(next));
            Assert.True(await states.MoveNextAsync().AsTask().WaitAsync(Patience));
            Assert.Equal(ConnectionState.Connected, states.Current);
        }
    }

    [Fact]
    public async Task Each_server_is_checked_for_its_own_name()
    {
        var tls = new SslClientAuthenticationOptions();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        using var stop = new CancellationTokenSource();
        var connecting = ZabClient.ConnectAsync(
            $"localhost:{port},127.0.0.1:{port}", new ZabClientOptions { Tls = tls, Shuffle = false }, stop.Token);
        var hello = new byte[2048];
        var names = new List<bool>();
        for (var i = 0; i < 2; i++)
        {
            using var connection = await _listener.AcceptTcpClientAsync().WaitAsync(Patience);
            var read = await connection.GetStream().ReadAsync(hello).AsTask().WaitAsync(Patience);
            names.Add(hello.AsSpan(0, read).IndexOf("localhost"u8) >= 0);
        }
        Assert.Equal([true, false], names); // a client's hello has the name, but no address
        Assert.Null(tls.TargetHost);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    protected override void AfterAll()
    {
        _listener.Dispose();
        base.AfterAll();
    }

    // Time passes only here: without the pauses no second attempt is made.
    private async Task<TcpClient> NextConnectionAsync()
    {
        var accepting = _listener.AcceptTcpClientAsync();
        await AwaitConditionAsync(() =>
        {
            Scheduler.Advance(TimeSpan.FromMilliseconds(200));
            return Task.FromResult(accepting.IsCompleted);
        }, Patience, TimeSpan.FromMilliseconds(5));
        return await accepting;
    }

    /// <summary>Answers the first frame with session 77; gives the session and the timeout that were asked for.</summary>
    private static async Task<(long Session, int TimeoutMs)> HandshakeAsync(TcpClient connection)
    {
        var stream = connection.GetStream();
        var length = new byte[4];
        await stream.ReadExactlyAsync(length).AsTask().WaitAsync(Patience);
        var asked = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(asked).AsTask().WaitAsync(Patience);
        var answer = new byte[4 + 37];
        BinaryPrimitives.WriteInt32BigEndian(answer, 37);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(8), 10_000);
        BinaryPrimitives.WriteInt64BigEndian(answer.AsSpan(12), 77);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(20), 16);
        await stream.WriteAsync(answer);
        return (BinaryPrimitives.ReadInt64BigEndian(asked.AsSpan(16)),
            BinaryPrimitives.ReadInt32BigEndian(asked.AsSpan(12)));
    }
}
