using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Akka.Zab.Extensions.Tests;

/// <summary>A member of the ensemble within a host.</summary>
public sealed class MemberTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_host_is_a_member_and_a_client_of_itself()
    {
        var builder = OneServer.Builder();
        var last = new Last();
        builder.Services.AddSingleton<IHostedService>(all => last with { Services = all });
        builder.Services.AddZabClient(options => options.StartTimeout = OneServer.Patience);
        builder.Services.AddZabMember(Hocon);
        builder.Services.AddHealthChecks().AddZab().AddZabMember();
        using var host = builder.Build();
        await host.StartAsync();
        var zab = await host.Services.GetRequiredService<IZabClientProvider>().GetAsync();
        await zab.CreateAsync("/a", [1]);
        var report = await HealthAsync(host);
        Assert.Equal(
            [("zab", HealthStatus.Healthy), ("zab-member-live", HealthStatus.Healthy),
                ("zab-member-ready", HealthStatus.Healthy)],
            report.Entries.Select(entry => (entry.Key, entry.Value.Status)).Order());
        var data = report.Entries["zab-member-ready"].Data;
        Assert.Equal(("Leading", true), (data["role"].ToString(), data["serving"]));
        Assert.Equal($"0x{(await zab.ExistsAsync("/a"))!.Value.CreatedZxid:x}", data["zxid"]);
        var system = host.Services.GetRequiredService<ActorSystem>();
        await host.StopAsync();
        Assert.True(last.Served.Task.IsCompletedSuccessfully);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(host)).Entries["zab-member-live"].Status);
    }

    [Fact]
    public async Task A_member_without_a_majority_is_live_but_not_ready_and_lets_the_host_start()
    {
        var builder = OneServer.Builder();
        builder.Services.AddZabMember(options =>
        {
            options.StartTimeout = TimeSpan.FromMilliseconds(1);
            options.Configuration = ConfigurationFactory.ParseString($$"""
                akka.loglevel = OFF
                akka.stdout-loglevel = OFF
                akka.actor.provider = remote
                akka.remote.dot-netty.tcp {
                  hostname = "127.0.0.1", port = {{FreePort}}, maximum-frame-size = 4MiB
                }
                akka.zab {
                  server-id = 1
                  data-dir = "{{_folder}}/zab"
                  members = [
                    { id = 1, address = "akka.tcp://zab@127.0.0.1:{{FreePort}}" }
                    { id = 2, address = "akka.tcp://zab@127.0.0.1:1" }
                  ]
                }
                """);
        });
        builder.Services.AddHealthChecks().AddZabMember();
        using var host = builder.Build();
        await host.StartAsync();
        var report = await HealthAsync(host);
        Assert.Equal(HealthStatus.Healthy, report.Entries["zab-member-live"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["zab-member-ready"].Status);
        Assert.Contains("ready", report.Entries["zab-member-ready"].Tags);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_setting_that_is_wrong_keeps_the_host_from_starting()
    {
        var builder = OneServer.Builder();
        builder.Services.AddZabMember($"{Hocon}\nakka.zab.tick-time = 0");
        using var host = builder.Build();
        var refused = await Assert.ThrowsAnyAsync<ConfigurationException>(() => host.StartAsync());
        Assert.Contains("akka.zab.tick-time", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_system_that_is_there_becomes_the_member_and_is_not_ended()
    {
        var system = ActorSystem.Create("app", ConfigurationFactory.ParseString(Hocon));
        var builder = OneServer.Builder();
        builder.Services.AddSingleton(system);
        builder.Services.AddZabMember();
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddZabMember(Hocon));
        using (var host = builder.Build())
        {
            await host.StartAsync();
            Assert.True((await host.Services.GetRequiredService<Zab>().StatusAsync()).Serving);
            await host.StopAsync();
        }
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate();
    }

    /// <summary>A service that was added before the member: that still serves when this has stopped.</summary>
    private sealed record Last : IHostedLifecycleService
    {
        public IServiceProvider? Services { get; init; }

        public TaskCompletionSource Served { get; } = new();

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StoppedAsync(CancellationToken cancellationToken)
        {
            var member = Services!.GetRequiredService<Zab>();
            Assert.True((await member.StatusAsync(cancellationToken)).Serving);
            Served.SetResult();
        }
    }

    private string Hocon => $$"""
        akka.loglevel = WARNING
        akka.zab { data-dir = "{{_folder}}/zab", tick-time = 200ms }
        """;

    private static int FreePort { get; } = FindFreePort();

    private static int FindFreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task<HealthReport> HealthAsync(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
