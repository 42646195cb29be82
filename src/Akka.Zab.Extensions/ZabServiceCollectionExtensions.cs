using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Extensions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a client of the ensemble, and what works with one.</summary>
public static class ZabServiceCollectionExtensions
{
    /// <summary>
    /// Adds a client: an <see cref="IZabClientProvider"/> and an <see cref="IZabLockProvider"/>. It connects when the
    /// host starts, without keeping it waiting, and its session is closed when the host stops.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// The section that <see cref="ZabOptions"/> are bound from. What is wrong in it keeps the host from starting, with
    /// a sentence that names the key.
    /// </param>
    public static OptionsBuilder<ZabOptions> AddZabClient(
        this IServiceCollection services, IConfiguration configuration) =>
        services.AddKeyedZabClient(Options.Options.DefaultName, configuration);

    /// <summary>Adds a client, as <see cref="AddZabClient(IServiceCollection, IConfiguration)"/> does.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; null for the member in the application's own actor system.</param>
    public static OptionsBuilder<ZabOptions> AddZabClient(
        this IServiceCollection services, Action<ZabOptions>? configure = null) =>
        services.AddKeyedZabClient(Options.Options.DefaultName, configure);

    /// <summary>Adds a client, as <see cref="AddZabClient(IServiceCollection, IConfiguration)"/> does.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">Such as <c>host1:2181,host2:2181/app</c>.</param>
    public static OptionsBuilder<ZabOptions> AddZabClient(this IServiceCollection services, string connectionString) =>
        services.AddZabClient(options => options.ConnectionString = connectionString);

    /// <summary>
    /// Adds a client with a name, beside others: its providers are keyed services
    /// (<c>[FromKeyedServices("name")]</c>).
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which is the key; empty for the one without a key.</param>
    /// <param name="configuration">The section that its <see cref="ZabOptions"/> are bound from.</param>
    public static OptionsBuilder<ZabOptions> AddKeyedZabClient(
        this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration is IConfigurationSection { Path: var path } ? path : "";
        return Add(services, name, section).Bind(configuration);
    }

    /// <summary>Adds a client with a name, beside others.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which is the key; empty for the one without a key.</param>
    /// <param name="configure">Sets its options; null for the member in the application's own actor system.</param>
    public static OptionsBuilder<ZabOptions> AddKeyedZabClient(
        this IServiceCollection services, string name, Action<ZabOptions>? configure = null)
    {
        var builder = Add(services, name, nameof(ZabOptions));
        return configure is null ? builder : builder.Configure(configure);
    }

    /// <summary>
    /// Adds a service that runs in one process of all that have it: in each it stands for an election, and is made and
    /// started, in a scope of its own, whenever this process leads, and stopped when it does not any more.
    /// </summary>
    /// <remarks>
    /// <typeparamref name="T"/> is written like any other hosted service; <see cref="ILeadership"/> has the fencing
    /// token. The lead is let go when it has stopped. When it fails, so does the host, as with other background
    /// services, and another process leads; when it has nothing more to do, it keeps the lead.
    /// </remarks>
    /// <typeparam name="T">The service: a <see cref="BackgroundService"/> or another hosted service.</typeparam>
    /// <param name="services">The services; a client has to be among them.</param>
    /// <param name="path">The znode of the election, such as <c>/leaders/billing</c>.</param>
    /// <param name="id">What this process calls itself; null for its machine and number.</param>
    /// <param name="client">The name of the client; empty for the one without a key.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
    public static IServiceCollection AddLeaderService<T>(
        this IServiceCollection services, string path, string? id = null, string client = "")
        where T : class, IHostedService
    {
        ArgumentNullException.ThrowIfNull(services);
        Akka.Zab.Client.Recipes.Paths.Check(path);
        services.TryAddScoped<Leadership>();
        services.TryAddScoped<ILeadership>(static scope => scope.GetRequiredService<Leadership>());
        services.TryAddScoped<T>();
        return services.AddSingleton<IHostedService>(all => new LeaderService<T>(
            path, id ?? $"{Environment.MachineName}-{Environment.ProcessId}",
            all.GetRequiredService<IServiceScopeFactory>(), all.GetRequiredKeyedService<IZabClientProvider>(client),
            TimeOf(all), all.GetRequiredService<ILogger<LeaderService<T>>>()));
    }

    /// <summary>
    /// Lists the application in a service registry from when it has started until it begins to stop.
    /// </summary>
    /// <param name="services">The services; a client has to be among them.</param>
    /// <param name="configure">
    /// Says what is listed. It is called when the application has started, so that the services can tell its address.
    /// </param>
    /// <param name="client">The name of the client; empty for the one without a key.</param>
    public static IServiceCollection AddZabServiceRegistration(
        this IServiceCollection services, Action<IServiceProvider, ZabServiceRegistrationOptions> configure,
        string client = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSingleton<IHostedService>(all => new RegistrationService(
            all, configure, all.GetRequiredKeyedService<IZabClientProvider>(client),
            all.GetRequiredService<IHostApplicationLifetime>(), TimeOf(all),
            all.GetRequiredService<ILogger<RegistrationService>>()));
    }

    /// <summary>
    /// Adds a check of a client: healthy while it is connected, degraded while it looks for another server, unhealthy
    /// before the first connection and when its session has ended. It asks nobody.
    /// </summary>
    /// <param name="checks">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What to say instead of unhealthy; null for that.</param>
    /// <param name="tags">The check's tags.</param>
    /// <param name="client">The name of the client; empty for the one without a key.</param>
    public static IHealthChecksBuilder AddZab(
        this IHealthChecksBuilder checks, string name = "zab", HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, string client = "")
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Add(new HealthCheckRegistration(
            name, all => new ZabHealthCheck(all.GetRequiredKeyedService<ZabClientProvider>(client)), failureStatus,
            tags));
    }

    private static OptionsBuilder<ZabOptions> Add(IServiceCollection services, string name, string section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        var builder = services.AddOptions<ZabOptions>(name);
        if (services.Any(service => service.IsKeyedService && Equals(service.ServiceKey, name)
            && service.ServiceType == typeof(ZabClientProvider)))
            return builder; // only its options are set, again
        services.AddSingleton<IValidateOptions<ZabOptions>>(all => new ZabOptionsValidator(
            name, section, () => all.GetService<IServiceProviderIsService>()?.IsService(typeof(ActorSystem)) == true));
        services.AddKeyedSingleton(name, (all, _) => new ZabClientProvider(Connecting(all, name)));
        services.AddKeyedSingleton<IZabClientProvider>(
            name, static (all, key) => all.GetRequiredKeyedService<ZabClientProvider>(key));
        services.AddKeyedSingleton<IZabLockProvider>(name, (all, key) => new ZabLockProvider(
            all.GetRequiredKeyedService<IZabClientProvider>(key), OptionsOf(all, name).LockPath, TimeOf(all)));
        services.AddSingleton<IHostedService>(all => new ZabClientService(
            all.GetRequiredKeyedService<ZabClientProvider>(name), OptionsOf(all, name), TimeOf(all),
            all.GetRequiredService<ILogger<ZabClientService>>()));
        if (name.Length == 0)
        {
            services.AddSingleton(static all => all.GetRequiredKeyedService<IZabClientProvider>(""));
            services.AddSingleton(static all => all.GetRequiredKeyedService<IZabLockProvider>(""));
        }
        return builder.ValidateOnStart();
    }

    private static Func<CancellationToken, Task<ZabClient>> Connecting(IServiceProvider all, string name) =>
        cancellation =>
        {
            var options = OptionsOf(all, name);
            var how = options.ToClientOptions();
            return string.IsNullOrWhiteSpace(options.ConnectionString)
                ? ZabClient.ConnectAsync(all.GetRequiredService<ActorSystem>(), options.Servers, how, cancellation)
                : ZabClient.ConnectAsync(options.ConnectionString, how, cancellation);
        };

    private static ZabOptions OptionsOf(IServiceProvider all, string name) =>
        all.GetRequiredService<IOptionsMonitor<ZabOptions>>().Get(name);

    private static TimeProvider TimeOf(IServiceProvider all) => all.GetService<TimeProvider>() ?? TimeProvider.System;
}
