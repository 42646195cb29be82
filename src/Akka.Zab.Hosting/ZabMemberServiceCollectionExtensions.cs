using Akka.Actor;
using Akka.Configuration;
using Akka.Zab;
using Akka.Zab.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a member of the ensemble that runs within the host.</summary>
public static class ZabMemberServiceCollectionExtensions
{
    // The host sees to it that the actor system ends, and when.
    private static readonly Config HostEndsIt =
        ConfigurationFactory.ParseString("akka.coordinated-shutdown.run-by-clr-shutdown-hook = off");

    /// <summary>
    /// Adds a member of the ensemble: an <see cref="ActorSystem"/> and <see cref="Zab"/> in it are services from now
    /// on, there before other services start and until these have stopped, in whatever order they were added.
    /// <c>AddZabClient</c> without a connection string uses it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="hocon">
    /// The actor system's configuration, with <c>akka.zab</c>. What is wrong in it keeps the host from starting, with a
    /// sentence that names the key.
    /// </param>
    public static IServiceCollection AddZabMember(this IServiceCollection services, string hocon)
    {
        var configuration = ConfigurationFactory.ParseString(hocon);
        return services.AddZabMember(options => options.Configuration = configuration);
    }

    /// <summary>
    /// Adds a member of the ensemble; without a configuration, in the <see cref="ActorSystem"/> that is among the
    /// services.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// There is a member already, or a configuration for an actor system that is there already.
    /// </exception>
    public static IServiceCollection AddZabMember(
        this IServiceCollection services, Action<ZabMemberOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new ZabMemberOptions();
        configure?.Invoke(options);
        if (services.Any(static service => service.ServiceType == typeof(Zab)))
            throw new InvalidOperationException(
                "One process is one member of the ensemble: AddZabMember was called twice.");
        if (options.Configuration is { } configuration)
        {
            if (services.Any(static service => service.ServiceType == typeof(ActorSystem)))
                throw new InvalidOperationException(
                    "There is an ActorSystem among the services: give its configuration to that, or none here.");
            services.AddSingleton(_ => ActorSystem.Create(options.SystemName, configuration.WithFallback(HostEndsIt)));
        }
        services.AddSingleton(static all => Zab.Get(all.GetRequiredService<ActorSystem>()));
        services.AddSingleton(options);
        // The first to start is the last to stop.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ZabMemberService>());
        return services;
    }

    /// <summary>
    /// Adds two checks of the member in this process: NAME-live with the tag <c>live</c>, healthy while it runs, and
    /// NAME-ready with the tag <c>ready</c>, healthy while it serves. Their data say its role, epoch and zxid.
    /// </summary>
    /// <param name="checks">The health checks.</param>
    /// <param name="name">What their names begin with.</param>
    /// <param name="tags">Tags that both have besides.</param>
    public static IHealthChecksBuilder AddZabMember(
        this IHealthChecksBuilder checks, string name = "zab-member", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        string[] both = [.. tags ?? []];
        return checks.Add(Check($"{name}-live", asksForReadiness: false, [.. both, "live"]))
            .Add(Check($"{name}-ready", asksForReadiness: true, [.. both, "ready"]));
    }

    private static HealthCheckRegistration Check(string name, bool asksForReadiness, IEnumerable<string> tags) =>
        new(name, all => new MemberHealthCheck(all.GetRequiredService<Zab>(), asksForReadiness), null, tags);
}
