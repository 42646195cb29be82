using System.Diagnostics;
using System.Text;

namespace Akka.Zab.Server.Tests;

/// <summary>Three real servers, killed in every way while a client writes.</summary>
[Collection("processes")]
public class EnsembleTests
{
    /// <summary>
    /// Creates znodes one after the other until it is told to stop, and remembers which were acknowledged. A create
    /// whose connection broke may or may not be there; it is not repeated.
    /// </summary>
    sealed class Writer(IReadOnlyList<int> ports) : IDisposable
    {
        readonly RawClient _client = new(ports);
        readonly CancellationTokenSource _stop = new();
        readonly TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task _running = Task.CompletedTask;
        volatile TaskCompletionSource? _more;

        public List<string> Acknowledged { get; } = [];

        public int Unknown { get; private set; }

        public bool Expired => _client.Expired;

        /// <summary>Starts writing; returns when the first writes are acknowledged.</summary>
        public async Task StartAsync()
        {
            var root = await _client.CreateAsync("/written", []);
            Assert.True(root is { Error: 0 or -110 });
            _running = Task.Run(RunAsync);
            await _warm.Task;
        }

        /// <summary>Waits until twenty more writes are acknowledged.</summary>
        public Task TwentyMoreAsync()
        {
            var more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _more = more;
            return Task.WhenAny(more.Task, _running).Unwrap();
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            try
            {
                await _running;
            }
            catch (OperationCanceledException)
            {
                // In the middle of a write, or of looking for a server.
                Unknown++;
            }
        }

        public void Dispose() => _client.Dispose();

        async Task RunAsync()
        {
            var left = 20;
            TaskCompletionSource? counting = null;
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                var name = $"{_client.SessionId:x}-{i:d6}";
                var data = Encoding.UTF8.GetBytes(name);
                var reply = await _client.CreateAsync($"/written/{name}", data, stop: _stop.Token);
                if (reply is null)
                {
                    Unknown++;
                    continue;
                }
                Assert.Equal(0, reply.Error);
                Acknowledged.Add(name);
                if (i == 50) _warm.SetResult();
                if (_more is { } more && counting != more) (counting, left) = (more, 20);
                if (counting is not null && --left == 0) counting.TrySetResult();
            }
        }
    }

    /// <summary>Every server has every acknowledged write, and all have the same tree.</summary>
    static async Task SameTreesAsync(DevFixture ensemble, Writer writer)
    {
        var dumps = new List<List<string>>();
        foreach (var port in ensemble.Ports)
        {
            using var client = new RawClient([port]);
            Assert.Equal(0, (await client.SyncAsync())!.Error);
            var there = await client.ChildrenAsync("/written");
            Assert.Empty(writer.Acknowledged.Except(there));
            Assert.InRange(there.Count, writer.Acknowledged.Count, writer.Acknowledged.Count + writer.Unknown);
            dumps.Add(await client.DumpAsync());
            await client.CloseAsync();
        }
        Assert.Equal(dumps[0], dumps[1]);
        Assert.Equal(dumps[0], dumps[2]);
    }

    [Fact]
    public async Task A_killed_follower_rejoins_and_no_write_is_lost()
    {
        await using var ensemble = await DevFixture.StartAsync();
        var leader = await ensemble.LeaderAsync();
        var follower = leader == 1 ? 2 : 1;
        // The client is with the servers that stay.
        using var writer = new Writer([.. ensemble.Ports.Where((_, i) => i + 1 != follower)]);
        await writer.StartAsync();
        ensemble.Kill(follower);
        await writer.TwentyMoreAsync();
        await ensemble.ServeAgainAsync(follower);
        await writer.TwentyMoreAsync();
        Assert.Equal(0, writer.Unknown);
        await writer.StopAsync();
        await SameTreesAsync(ensemble, writer);
    }

    [Fact]
    public async Task A_killed_leader_costs_at_most_one_request_and_no_session()
    {
        await using var ensemble = await DevFixture.StartAsync();
        using var writer = new Writer(ensemble.Ports);
        await writer.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            var leader = await ensemble.LeaderAsync();
            var unknown = writer.Unknown;
            ensemble.Kill(leader);
            await writer.TwentyMoreAsync();
            await ensemble.ServeAgainAsync(leader);
            Assert.InRange(writer.Unknown - unknown, 0, 1);
        }
        await writer.StopAsync();
        Assert.False(writer.Expired);
        await SameTreesAsync(ensemble, writer);
    }

    [Fact]
    public async Task When_all_three_are_killed_at_once_every_acknowledged_write_is_there_afterwards()
    {
        await using var ensemble = await DevFixture.StartAsync();
        using var writer = new Writer(ensemble.Ports);
        await writer.StartAsync();
        for (var round = 0; round < 2; round++)
        {
            ensemble.Kill(1, 2, 3);
            await ensemble.ServeAgainAsync(1, 2, 3);
            await writer.TwentyMoreAsync();
        }
        await writer.StopAsync();
        Assert.False(writer.Expired);
        await SameTreesAsync(ensemble, writer);
    }

    [Fact]
    public async Task A_second_start_on_the_same_data_finds_everything_again()
    {
        await using var ensemble = await DevFixture.StartAsync();
        using var writer = new Writer(ensemble.Ports);
        await writer.StartAsync();
        await writer.StopAsync();
        Assert.Equal(0, await ensemble.StopAsync());
        await ensemble.RestartAsync();
        await SameTreesAsync(ensemble, writer);
    }

    [Fact]
    public async Task The_servers_end_when_the_ensemble_is_killed()
    {
        await using var ensemble = await DevFixture.StartAsync();
        var servers = Enumerable.Range(1, 3).Select(id => Process.GetProcessById(ensemble.ProcessOf(id))).ToArray();
        ZabProcess.Signal(ensemble.Dev.Id, "KILL");
        foreach (var server in servers)
        {
            await server.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            server.Dispose();
        }
    }
}
