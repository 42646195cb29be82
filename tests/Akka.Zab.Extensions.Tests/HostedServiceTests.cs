using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Akka.Zab.Extensions.Tests;

/// <summary>Services that run while a process leads, and applications that list themselves.</summary>
[Collection(OneServerCollection.Name)]
public class HostedServiceTests(OneServer server)
{
    [Fact]
    public async Task A_service_runs_in_the_process_that_leads_and_in_the_next_when_that_stops()
    {
        var root = await server.RootAsync();
        var journal = new Journal();
        using var first = await LeadingAsync(root, "first", journal);
        await OneServer.UntilAsync(() => journal.Entries.Length == 1);
        using var second = await LeadingAsync(root, "second", journal);
        await using var zab = await ZabClient.ConnectAsync(root);
        var election = new ZabElection(zab, "/leader", "test");
        await OneServer.UntilAsync(async () => (await election.GetCandidatesAsync()).Count == 2);
        Assert.Equal(["first begins"], journal.Entries);
        await first.StopAsync();
        await OneServer.UntilAsync(() => journal.Entries.Length == 3);
        await second.StopAsync();
        Assert.Equal(["first begins", "first ends", "second begins", "second ends"], journal.Entries);
        Assert.True(journal.Tokens[1] > journal.Tokens[0]);
    }

    [Fact]
    public async Task A_service_whose_lead_is_lost_stops_and_is_made_anew_for_the_next_lead()
    {
        var root = await server.RootAsync();
        var journal = new Journal();
        using var host = await LeadingAsync(root, "a", journal);
        await OneServer.UntilAsync(() => journal.Entries.Length == 1);
        await using var zab = await ZabClient.ConnectAsync(root);
        var ticket = Assert.Single((await zab.GetChildrenAsync("/leader")).Names);
        await zab.DeleteAsync($"/leader/{ticket}");
        await OneServer.UntilAsync(() => journal.Entries.Length == 3);
        Assert.Equal(["a begins", "a ends", "a begins"], journal.Entries);

        // And with the session, which the next lead does not need.
        (await host.Services.GetRequiredService<IZabClientProvider>().GetAsync()).Abandon();
        await OneServer.UntilAsync(() => journal.Entries.Length == 5);
        await host.StopAsync();
        Assert.Equal(3, journal.Tokens.Order().Distinct().Count());
        Assert.Equal(journal.Tokens.Order(), journal.Tokens);
    }

    [Fact]
    public async Task A_service_that_fails_gives_the_lead_back_and_stops_its_host_as_others_do()
    {
        var root = await server.RootAsync();
        var journal = new Journal { Fails = true };
        using var host = await LeadingAsync(root, "a", journal);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(
            () => stopped.TrySetResult());
        await stopped.Task.WaitAsync(OneServer.Patience);
        await using var zab = await ZabClient.ConnectAsync(root);
        Assert.Empty(await new ZabElection(zab, "/leader", "test").GetCandidatesAsync());
    }

    [Fact]
    public async Task A_service_that_fails_because_the_session_is_over_is_run_again_with_the_next()
    {
        var builder = OneServer.Builder();
        var journal = new Journal { Id = "a" };
        builder.Services.AddSingleton(journal);
        var root = await server.RootAsync();
        builder.Services.AddZabClient(options =>
        {
            options.ConnectionString = root;
            options.SessionTimeout = TimeSpan.FromSeconds(2);
        });
        builder.Services.AddLeaderService<Reader>("/leader");
        using var host = builder.Build();
        await host.StartAsync();
        await OneServer.UntilAsync(() => journal.Entries.Length == 1);
        (await host.Services.GetRequiredService<IZabClientProvider>().GetAsync()).Abandon();
        await OneServer.UntilAsync(() => journal.Entries.Length == 2);
        Assert.False(
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await host.StopAsync();
    }

    [Fact]
    public void There_is_no_lead_outside_of_a_service_that_leads()
    {
        var services = new ServiceCollection();
        services.AddLeaderService<Work>("/leader");
        using var all = services.BuildServiceProvider();
        using var scope = all.CreateScope();
        var leadership = scope.ServiceProvider.GetRequiredService<ILeadership>();
        Assert.Throws<InvalidOperationException>(() => leadership.FencingToken);
        Assert.Throws<ArgumentException>(() => services.AddLeaderService<Work>("leader"));
    }

    [Fact]
    public async Task An_application_is_on_the_list_while_it_serves_with_its_health()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        var registry = new ZabServiceRegistry(zab, "/services");
        var health = HealthStatus.Healthy;
        var builder = OneServer.Builder();
        builder.Services.AddZabClient(root);
        builder.Services.AddHealthChecks().AddCheck("self", () => new HealthCheckResult(health));
        builder.Services.AddZabServiceRegistration((_, options) =>
        {
            options.Service = "orders";
            options.Id = "o1";
            options.Address = new Uri("http://10.0.0.1:80");
            options.Metadata["zone"] = "a";
            options.ReportHealth = true;
            options.HealthInterval = TimeSpan.FromMilliseconds(10);
        });
        using var host = builder.Build();
        await host.StartAsync();
        await OneServer.UntilAsync(async () => (await registry.GetInstancesAsync("orders")).Count == 1);
        var listed = Assert.Single(await registry.GetInstancesAsync("orders"));
        Assert.Equal(("o1", "a", true), (listed.Id, listed.Metadata["zone"], listed.Healthy));
        health = HealthStatus.Unhealthy;
        await OneServer.UntilAsync(async () => !(await registry.GetInstancesAsync("orders"))[0].Healthy);
        health = HealthStatus.Healthy;
        var first = await host.Services.GetRequiredService<IZabClientProvider>().GetAsync();
        first.Abandon();
        await OneServer.UntilAsync(async () =>
            await zab.ExistsAsync("/services/orders/o1") is { } stat && stat.EphemeralOwner != first.SessionId);
        await host.StopAsync();
        Assert.Empty(await registry.GetInstancesAsync("orders"));
    }

    private static async Task<IHost> LeadingAsync(string root, string id, Journal journal)
    {
        var builder = OneServer.Builder();
        builder.Services.AddSingleton(journal with { Id = id });
        builder.Services.AddLeaderService<Work>("/leader", id); // before the client: the order does not matter
        builder.Services.AddZabClient(options =>
        {
            options.ConnectionString = root;
            options.SessionTimeout = TimeSpan.FromSeconds(2);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed record Journal
    {
        private readonly List<string> _entries = [];
        private readonly List<long> _tokens = [];

        public string Id { get; init; } = "";

        public bool Fails { get; init; }

        public string[] Entries
        {
            get
            {
                lock (_entries) return [.. _entries];
            }
        }

        public long[] Tokens
        {
            get
            {
                lock (_entries) return [.. _tokens];
            }
        }

        public void Begins(long token)
        {
            lock (_entries)
            {
                _entries.Add($"{Id} begins");
                _tokens.Add(token);
            }
        }

        public void Ends()
        {
            lock (_entries) _entries.Add($"{Id} ends");
        }
    }

    private sealed class Reader(Journal journal, ILeadership leadership, IZabClientProvider clients) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            journal.Begins(leadership.FencingToken);
            var zab = await clients.GetAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested) await zab.SyncAsync(CancellationToken.None);
        }
    }

    private sealed class Work(Journal journal, ILeadership leadership) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (journal.Fails) throw new InvalidDataException("No good.");
            journal.Begins(leadership.FencingToken);
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = stoppingToken.Register(stopped.SetResult);
            await stopped.Task;
            journal.Ends();
        }
    }
}
