namespace Akka.Zab.Client.Tests;

/// <summary>How a client comes back to the ensemble, in virtual time.</summary>
public class ReattachTests : ClientTestKit
{
    [Fact]
    public async Task The_first_attempt_is_made_at_once_and_the_pauses_grow_to_a_bound()
    {
        var client = await Connect(new ZabClientOptions { Random = new Fixed(0) });
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Gateway.ExpectMsg<Connect>();
        // The bound is 2 s, and a quarter of the session timeout of 10 s would be more.
        foreach (var pause in new[] { 200, 400, 800, 1600, 2000, 2000 }) RefuseAndExpectNext(client, pause);
        Accept();
        await WhenConnected(client);
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Gateway.ExpectMsg<Connect>();
        RefuseAndExpectNext(client, 200);
    }

    [Fact]
    public async Task Chance_takes_up_to_half_of_a_pause_off()
    {
        var client = await Connect(new ZabClientOptions { Random = new Fixed(0.5) });
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Gateway.ExpectMsg<Connect>();
        foreach (var pause in new[] { 150, 300, 600 }) RefuseAndExpectNext(client, pause);
    }

    [Theory]
    [InlineData(1, 1, 0.0, 200)]
    [InlineData(1, 4, 0.0, 50)]
    [InlineData(4, 4, 0.0, 50)]
    [InlineData(5, 4, 0.0, 100)]
    [InlineData(2, 1, 0.5, 300)]
    [InlineData(1000, 1, 0.0, 2000)]
    [InlineData(int.MaxValue, 1, 0.999999, 1000)]
    public void A_round_over_the_servers_shares_one_pause_that_doubles(
        int failed, int servers, double chance, int expectedMs)
    {
        var pause = Backoff.Pause(
            failed, servers, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), new Fixed(chance));
        Assert.Equal(expectedMs, pause.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void A_bound_that_is_less_than_the_first_pause_means_that() =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(200),
            Backoff.Pause(9, 1, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1), new Fixed(0)));

    [Fact]
    public async Task The_states_of_the_connection_are_told_one_by_one_up_to_the_last()
    {
        var client = await Connect();
        Assert.Equal(ConnectionState.Connected, client.State);
        await using var states = client.ReadStatesAsync().GetAsyncEnumerator();
        Assert.True(await states.MoveNextAsync());
        Assert.Equal(ConnectionState.Connected, states.Current);
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Gateway.ExpectMsg<Connect>();
        Accept();
        await WhenConnected(client);
        ToClient(new Disconnected(DisconnectReason.SessionExpired));
        var seen = new List<ConnectionState>();
        while (await states.MoveNextAsync()) seen.Add(states.Current);
        Assert.Equal([ConnectionState.Disconnected, ConnectionState.Connected, ConnectionState.Expired], seen);
        Assert.Equal(ConnectionState.Expired, client.State);
        await foreach (var only in client.ReadStatesAsync()) Assert.Equal(ConnectionState.Expired, only);
    }

    [Fact]
    public async Task An_answer_that_comes_after_another_server_has_shown_more_is_not_taken_for_a_connection()
    {
        var client = await Connect();
        LetGo();
        Advance(2000, () => Gateway.HasMessages); // the server that was asked is stopped, so another one is
        Gateway.ExpectMsg<Connect>();
        Accept();
        var created = client.CreateAsync("/a", []);
        Answer(Receive(1), new CreatedReply("/a", default)); // which is transaction 5
        await created;
        LetGo();

        // The first one goes on, and has nothing of what was done meanwhile.
        var behind = CreateTestProbe();
        var read = client.GetDataAsync("/a");
        ToClient(new Connected(99, Secret, 10_000, behind) { LastZxidSeen = 0 });
        behind.ExpectMsg<Detach>();
        Assert.Equal(ConnectionState.Disconnected, client.State);
        Accept();
        Answer(Receive(1), new DataReply([1], default));
        Assert.Equal([1], (await read).Data!);
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_fails_reads_as_over_and_writes_as_unknown()
    {
        var client = await Connect();
        var (read, write) = (client.GetDataAsync("/a"), client.SetDataAsync("/a", []));
        Receive(2);
        client.Abandon();
        await Assert.ThrowsAsync<SessionExpiredException>(() => read);
        await Assert.ThrowsAsync<ConnectionLossException>(() => write);
        await Assert.ThrowsAsync<SessionExpiredException>(() => client.GetDataAsync("/a"));
    }

    private async Task<ZabClient> Connect(ZabClientOptions options)
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], options);
        Gateway.ExpectMsg<Connect>();
        Accept();
        return await connecting;
    }

    private void RefuseAndExpectNext(ZabClient client, int pauseMs)
    {
        Gateway.Reply(new ConnectRefused(DisconnectReason.NotServing));
        Settled(client);
        Advance(pauseMs - 1);
        Settled(client);
        Assert.False(Gateway.HasMessages);
        Advance(1);
        Gateway.ExpectMsg<Connect>();
    }

    // The client's actor has worked off what it got so far: it answers to a subscription.
    private void Settled(ZabClient client)
    {
        var probe = CreateTestProbe();
        client.Subscribe(probe);
        probe.ExpectMsg<ConnectionStateChanged>();
    }

    private static async Task WhenConnected(ZabClient client)
    {
        await foreach (var state in client.ReadStatesAsync())
            if (state == ConnectionState.Connected) return;
    }

    private sealed class Fixed(double chance) : Random
    {
        public override double NextDouble() => chance;
    }
}
