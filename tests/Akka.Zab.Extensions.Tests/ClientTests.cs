using System.Collections.Concurrent;
using Akka.Zab.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Akka.Zab.Extensions.Tests;

/// <summary>A client among the services of a host.</summary>
[Collection(OneServerCollection.Name)]
public class ClientTests(OneServer server)
{
    [Fact]
    public async Task A_client_is_bound_from_the_configuration_and_lives_as_long_as_the_host()
    {
        var builder = OneServer.Builder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Zab:ConnectionString"] = await server.RootAsync(),
            ["Zab:SessionTimeout"] = "00:00:04",
            ["Zab:Auth:0"] = "digest:ann:secret",
            ["Zab:StartTimeout"] = "00:00:30",
        });
        builder.Services.AddZabClient(builder.Configuration.GetSection("Zab"));
        builder.Services.AddHealthChecks().AddZab();
        using var host = builder.Build();
        await host.StartAsync();

        var clients = host.Services.GetRequiredService<IZabClientProvider>();
        Assert.NotNull(clients.Current); // the start has waited for it
        var zab = await clients.GetAsync();
        Assert.Same(clients.Current, zab);
        var created = await zab.CreateAsync("/a", [1], CreateMode.Ephemeral);
        var health = (await HealthAsync(host)).Entries["zab"];
        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal(
            ("Connected", $"0x{zab.SessionId:x}", $"0x{created.Stat.CreatedZxid:x}"),
            (health.Data["state"], health.Data["session"], health.Data["zxid"]));

        Assert.Contains(await zab.WhoAmIAsync(), identity => identity is { Scheme: "digest", Id: "ann" });

        await host.StopAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => clients.GetAsync().AsTask());
        await Assert.ThrowsAnyAsync<ZabException>(() => zab.ExistsAsync("/a"));
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(host)).Status);
    }

    [Theory]
    [InlineData("ConnectionString", null, "Zab:ConnectionString is missing")]
    [InlineData("ConnectionString", "a:b", "Zab:ConnectionString is not one: \"a:b\" has no port")]
    [InlineData("ConnectTimeout", "00:00:00", "Zab:ConnectTimeout is 00:00:00, but must be at least")]
    [InlineData("MaxOutstandingRequests", "0", "Zab:MaxOutstandingRequests is 0, but must be at least 1.")]
    [InlineData("Auth:0", "secret", "Zab:Auth:0 must be a scheme and credentials")]
    [InlineData("Sasl:User", "bob", "Zab:Sasl must have a User and a Password, or neither.")]
    [InlineData("Sasl:Password", "secret", "Zab:Sasl must have a User and a Password, or neither.")]
    [InlineData("MaxRetryPause", "00:00:00.1", "Zab:MaxRetryPause is 00:00:00.1000000, but must be at least")]
    [InlineData("LockPath", "locks", "Zab:LockPath is not one: \"locks\"")]
    [InlineData("Servers:0", "akka.tcp://zab@a:1", "Zab:Servers must be empty where Zab:ConnectionString is set")]
    public async Task What_is_wrong_in_the_configuration_keeps_the_host_from_starting_and_is_named(
        string key, string? value, string sentence)
    {
        var builder = OneServer.Builder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Zab:ConnectionString"] = "127.0.0.1:1",
            [$"Zab:{key}"] = value,
        });
        builder.Services.AddZabClient(builder.Configuration.GetSection("Zab"));
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.StartsWith(sentence, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("se cret", true)]
    [InlineData("wr ong", false)]
    public async Task A_login_with_SASL_is_bound_from_the_configuration_and_its_password_is_not_logged(
        string password, bool isRight)
    {
        var builder = OneServer.Builder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Zab:ConnectionString"] = await server.RootAsync(),
            ["Zab:Sasl:User"] = "bob",
            ["Zab:Sasl:Password"] = password,
            ["Zab:ConnectOnStart"] = $"{isRight}",
            ["Zab:StartTimeout"] = "00:00:30",
        });
        var log = new LogOfAll();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddZabClient(builder.Configuration.GetSection("Zab"));
        using var host = builder.Build();
        await host.StartAsync();
        var clients = host.Services.GetRequiredService<IZabClientProvider>();
        if (isRight)
        {
            var zab = await clients.GetAsync();
            Assert.Contains(await zab.WhoAmIAsync(), identity => identity is { Scheme: "sasl", Id: "bob" });
        }
        else
        {
            var refused = await Assert.ThrowsAsync<AuthFailedException>(() => clients.GetAsync().AsTask());
            Assert.DoesNotContain(password, refused.ToString(), StringComparison.Ordinal);
        }
        await host.StopAsync();
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(password, StringComparison.Ordinal));
        var options = host.Services.GetRequiredService<IOptionsMonitor<ZabOptions>>().CurrentValue;
        Assert.Equal(password, options.Sasl!.Password);
        Assert.DoesNotContain(password, $"{options} {options.Sasl}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_with_names_are_clients_of_their_own()
    {
        var builder = OneServer.Builder();
        var (orders, stock) = (await server.RootAsync(), await server.RootAsync());
        builder.Services.AddKeyedZabClient("orders", options => options.ConnectionString = orders);
        builder.Services.AddKeyedZabClient("stock", options => options.ConnectionString = stock);
        using var host = builder.Build();
        await host.StartAsync();
        await (await ClientAsync("orders")).CreateAsync("/a", []);
        Assert.Null(await (await ClientAsync("stock")).ExistsAsync("/a"));
        Assert.Null(host.Services.GetService<IZabClientProvider>());
        await host.StopAsync();

        ValueTask<ZabClient> ClientAsync(string name) =>
            host.Services.GetRequiredKeyedService<IZabClientProvider>(name).GetAsync();
    }

    [Fact]
    public async Task A_host_starts_without_its_ensemble_and_says_so()
    {
        var builder = OneServer.Builder();
        builder.Services.AddZabClient(options =>
        {
            options.ConnectionString = "127.0.0.1:1";
            options.ConnectTimeout = TimeSpan.FromMilliseconds(50);
            options.StartTimeout = TimeSpan.FromMilliseconds(1);
        });
        builder.Services.AddHealthChecks().AddZab(failureStatus: HealthStatus.Degraded);
        using var host = builder.Build();
        await host.StartAsync();
        Assert.Equal(HealthStatus.Degraded, (await HealthAsync(host)).Status);
        var clients = host.Services.GetRequiredService<IZabClientProvider>();
        Assert.Null(clients.Current);
        var failed = await Assert.ThrowsAnyAsync<ZabException>(() => clients.GetAsync().AsTask());
        Assert.Equal(ZabError.OperationTimeout, failed.Error);
        Assert.Contains("in time", (await HealthAsync(host)).Entries["zab"].Description, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_session_that_has_ended_is_followed_by_another()
    {
        var builder = OneServer.Builder();
        builder.Services.AddZabClient(await server.RootAsync());
        using var host = builder.Build();
        await host.StartAsync();
        var clients = host.Services.GetRequiredService<IZabClientProvider>();
        var first = await clients.GetAsync();
        first.Abandon();
        await OneServer.UntilAsync(() => clients.Current is { } next && next != first); // nobody has asked for it
        var second = await clients.GetAsync();
        Assert.NotEqual(first.SessionId, second.SessionId);
        await host.StopAsync();
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_an_attempt_and_one_who_gives_up_does_not_end_it()
    {
        var attempts = 0;
        var gate = new TaskCompletionSource();
        var root = await server.RootAsync();
        await using var clients = new ZabClientProvider(async cancellation =>
        {
            attempts++;
            await gate.Task.WaitAsync(cancellation);
            return await ZabClient.ConnectAsync(root, null, cancellation);
        });
        using var impatience = new CancellationTokenSource();
        var impatient = clients.GetAsync(impatience.Token).AsTask();
        var patient = clients.GetAsync().AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult();
        Assert.Same(await patient, await clients.GetAsync());
        Assert.Equal(1, attempts);
    }

    private static Task<HealthReport> HealthAsync(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    /// <summary>Everything that is logged, at whatever level.</summary>
    private sealed class LogOfAll : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
