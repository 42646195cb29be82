using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.Configuration;

namespace Akka.Zab.Extensions.Tests;

/// <summary>An application's configuration that is in the ensemble.</summary>
[Collection(OneServerCollection.Name)]
public class ConfigurationTests(OneServer server)
{
    [Fact]
    public async Task A_subtree_is_a_configuration_that_follows_its_changes()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        await SetAsync(zab, "/config/app/Logging/Level", "Debug");
        await SetAsync(zab, "/config/app/Name", "orders");
        var configuration = new ConfigurationBuilder().AddZab(root, "/config/app").Build();
        using var _ = (IDisposable)configuration;
        Assert.Equal("Debug", configuration["logging:level"]);
        Assert.Equal("orders", configuration["Name"]);
        Assert.Null(configuration["Logging"]); // a section, not a value
        var changed = ChangedAsync(configuration);
        await zab.SetDataAsync("/config/app/Name", "stock"u8.ToArray());
        await changed;
        Assert.Equal("stock", configuration["Name"]);
        changed = ChangedAsync(configuration);
        await zab.DeleteAsync("/config/app/Name");
        await changed;
        Assert.Null(configuration["Name"]);
        Assert.Equal("Debug", configuration["Logging:Level"]);
    }

    [Fact]
    public async Task A_document_is_a_configuration_and_one_that_is_no_JSON_changes_nothing()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        await SetAsync(
            zab, "/app.json", """{ "Name": "orders", "Hosts": ["a", "b"], /* why */ "Retry": { "Times": 3 }, }""");
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var configuration = new ConfigurationBuilder().AddZab(options =>
        {
            options.ConnectionString = root;
            options.Path = "/app.json";
            options.Format = ZabConfigurationFormat.Json;
            options.OnError = e => told.TrySetResult(e);
        }).Build();
        using var _ = (IDisposable)configuration;
        Assert.Equal(("orders", "b", "3"),
            (configuration["Name"], configuration["Hosts:1"], configuration["Retry:Times"]));
        await zab.SetDataAsync("/app.json", "{ \"Name\": "u8.ToArray());
        Assert.StartsWith(
            "The data of /app.json is not JSON", (await told.Task.WaitAsync(OneServer.Patience)).Message,
            StringComparison.Ordinal);
        Assert.Equal("orders", configuration["Name"]);
        var changed = ChangedAsync(configuration);
        await zab.SetDataAsync("/app.json", "{ \"Name\": \"stock\" }"u8.ToArray());
        await changed;
        Assert.Equal(("stock", null), (configuration["Name"], configuration["Retry:Times"]));
    }

    [Fact]
    public async Task Values_stay_when_the_session_ends_and_follow_again_with_the_next()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        await SetAsync(zab, "/config/Name", "orders");
        var sessions = new List<ZabClient>();
        var configuration = new ConfigurationBuilder().AddZab(options =>
        {
            options.Path = "/config";
            options.Connect = async cancellation =>
            {
                var client = await ZabClient.ConnectAsync(root, null, cancellation);
                lock (sessions) sessions.Add(client);
                return client;
            };
        }).Build();
        using var _ = (IDisposable)configuration;
        var reloaded = ChangedAsync(configuration);
        sessions[0].Abandon();
        Assert.Equal("orders", configuration["Name"]);
        await reloaded;
        Assert.Equal(("orders", 2), (configuration["Name"], sessions.Count));
        var changed = ChangedAsync(configuration);
        await zab.SetDataAsync("/config/Name", "stock"u8.ToArray());
        await changed;
        Assert.Equal("stock", configuration["Name"]);
    }

    [Fact]
    public async Task Values_stay_when_somebody_deletes_the_document_that_must_be_there()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        await SetAsync(zab, "/app.json", "{ \"Name\": \"orders\" }");
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var configuration = new ConfigurationBuilder().AddZab(options =>
        {
            options.ConnectionString = root;
            options.Path = "/app.json";
            options.Format = ZabConfigurationFormat.Json;
            options.OnError = e => told.TrySetResult(e);
        }).Build();
        using var _ = (IDisposable)configuration;
        await zab.DeleteAsync("/app.json");
        var missing = await told.Task.WaitAsync(OneServer.Patience);
        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Equal("orders", configuration["Name"]);
        var changed = ChangedAsync(configuration);
        await SetAsync(zab, "/app.json", "{ \"Name\": \"stock\" }");
        await changed;
        Assert.Equal("stock", configuration["Name"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_missing_is_said_in_a_sentence(bool follows)
    {
        var root = await server.RootAsync();
        var refused = Assert.Throws<InvalidOperationException>(() => new ConfigurationBuilder().AddZab(options =>
        {
            options.ConnectionString = root;
            options.Path = "/config";
            options.ReloadOnChange = follows;
        }).Build());
        Assert.Equal(
            "The configuration at /config cannot be read: the znode /config does not exist.", refused.Message);
    }

    [Fact]
    public void No_server_is_said_in_a_sentence_and_no_reason_not_to_start_where_the_values_are_optional()
    {
        var builder = new ConfigurationBuilder();
        ZabConfigurationOptions? options = null;
        builder.AddZab(set =>
        {
            options = set;
            set.ConnectionString = "127.0.0.1:1";
            set.Path = "/config";
            set.LoadTimeout = TimeSpan.FromMilliseconds(50);
        });
        var refused = Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.StartsWith(
            "The configuration at /config cannot be read: no server answered within 00:00:00.05", refused.Message,
            StringComparison.Ordinal);
        options!.Optional = true;
        using var configuration = (ConfigurationRoot)builder.Build();
        Assert.Null(configuration["Name"]);
        Assert.Throws<ArgumentException>(() => new ConfigurationBuilder().AddZab("a:x", "/config").Build());
        Assert.Throws<ArgumentException>(() => new ConfigurationBuilder().AddZab("a:1", "config").Build());
    }

    [Fact]
    public async Task Optional_values_come_when_they_are_there()
    {
        var root = await server.RootAsync();
        var configuration = new ConfigurationBuilder().AddZab(root, "/config", optional: true).Build();
        using var _ = (IDisposable)configuration;
        Assert.Null(configuration["Name"]);
        await using var zab = await ZabClient.ConnectAsync(root);
        await SetAsync(zab, "/config/Name", "orders");
        await OneServer.UntilAsync(() => configuration["Name"] == "orders");
    }

    [Fact]
    public async Task Values_that_are_read_once_change_when_they_are_loaded_again()
    {
        var root = await server.RootAsync();
        await using var zab = await ZabClient.ConnectAsync(root);
        await SetAsync(zab, "/config/Name", "orders");
        var configuration = new ConfigurationBuilder().AddZab(options =>
        {
            options.ConnectionString = root;
            options.Path = "/config";
            options.ReloadOnChange = false;
        }).Build();
        await zab.SetDataAsync("/config/Name", "stock"u8.ToArray());
        Assert.Equal("orders", configuration["Name"]);
        configuration.Reload();
        Assert.Equal("stock", configuration["Name"]);
    }

    private static async Task SetAsync(ZabClient zab, string path, string value)
    {
        await zab.CreatePathAsync(path);
        await zab.SetDataAsync(path, Encoding.UTF8.GetBytes(value));
    }

    private static Task ChangedAsync(IConfiguration configuration)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        configuration.GetReloadToken().RegisterChangeCallback(_ => changed.TrySetResult(), null);
        return changed.Task.WaitAsync(OneServer.Patience);
    }
}
