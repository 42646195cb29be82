using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Akka.Zab.Extensions.Tests;

/// <summary>The host of the README's tour, line by line.</summary>
[Collection(OneServerCollection.Name)]
public class TourTests(OneServer server)
{
    [Fact]
    public async Task A_host_has_its_configuration_a_client_a_leader_service_a_place_in_the_registry_and_locks()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        await zab.CreatePathAsync("/config/orders/Zab/SessionTimeout");
        await zab.SetDataAsync("/config/orders/Zab/SessionTimeout", "00:00:04"u8.ToArray());

        var builder = OneServer.Builder();
        builder.Configuration.AddInMemoryCollection([new("Zab:ConnectionString", root)]);
        builder.Configuration.AddZab(root, "/config/orders", optional: true);
        builder.Services.AddZabClient(builder.Configuration.GetSection("Zab"));
        builder.Services.AddLeaderService<Billing>("/leaders/billing");
        builder.Services.AddZabServiceRegistration((services, me) =>
            (me.Service, me.Address, me.ReportHealth) = ("orders", new Uri("http://10.0.0.1:80"), true));
        builder.Services.AddHealthChecks().AddZab();
        builder.Services.AddSingleton<Orders>();
        using var host = builder.Build();
        await host.StartAsync();

        var order = await host.Services.GetRequiredService<Orders>().ShipAsync("4711", CancellationToken.None);
        Assert.True(order > 0);
        var billing = new ZabElection(zab, "/leaders/billing", "test");
        await OneServer.UntilAsync(async () => await billing.GetLeaderAsync() is not null);
        var registry = new ZabServiceRegistry(zab, "/services");
        await OneServer.UntilAsync(async () => (await registry.GetInstancesAsync("orders")).Any(one => one.Healthy));
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Status);

        await host.StopAsync();
        Assert.Null(await billing.GetLeaderAsync());
        Assert.Empty(await registry.GetInstancesAsync("orders"));
    }

    private sealed class Billing : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    private sealed class Orders(IZabClientProvider clients, IZabLockProvider locks)
    {
        public async Task<long> ShipAsync(string id, CancellationToken cancellation)
        {
            var zab = await clients.GetAsync(cancellation);
            await using var handle = await locks.CreateLock(id).AcquireAsync(TimeSpan.FromSeconds(30), cancellation);
            var token = BitConverter.GetBytes(handle.FencingToken);
            await zab.CreateAsync($"/{id}", token, cancellation: handle.HandleLost);
            return handle.FencingToken;
        }
    }
}
