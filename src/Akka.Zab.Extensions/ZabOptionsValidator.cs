using Akka.Actor;
using Akka.Zab.Client.Recipes;
using Akka.Zab.Client.Transport;
using Microsoft.Extensions.Options;

namespace Akka.Zab.Extensions;

/// <summary>
/// Checks the options of one client: each fault is one sentence that begins with the key that is wrong.
/// </summary>
/// <param name="name">The client's name.</param>
/// <param name="section">Where its keys are: the path of the configuration's section, or the name of the type.</param>
/// <param name="hasActorSystem">Whether there is an <see cref="ActorSystem"/> among the services.</param>
internal sealed class ZabOptionsValidator(string name, string section, Func<bool> hasActorSystem)
    : IValidateOptions<ZabOptions>
{
    public ValidateOptionsResult Validate(string? options, ZabOptions of)
    {
        if (options != name) return ValidateOptionsResult.Skip;
        var faults = Faults(of).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(ZabOptions of)
    {
        var hasConnectionString = !string.IsNullOrWhiteSpace(of.ConnectionString);
        if (hasConnectionString && of.Servers.Count > 0)
            yield return $"{Key(nameof(of.Servers))} must be empty where {Key(nameof(of.ConnectionString))} is set: " +
                "a client speaks ZooKeeper's protocol or Akka's, not both.";
        if (hasConnectionString && Refused(() => ConnectString.Parse(of.ConnectionString!)) is { } malformed)
            yield return $"{Key(nameof(of.ConnectionString))} is not one: {malformed}";
        if (!hasConnectionString && !hasActorSystem())
            yield return of.Servers.Count > 0
                ? $"{Key(nameof(of.Servers))} needs an ActorSystem with remoting among the services, and there is none."
                : $"{Key(nameof(of.ConnectionString))} is missing, such as host1:2181,host2:2181; only with an " +
                  "ActorSystem among the services that is a member of the ensemble it may be.";
        for (var i = 0; i < of.Servers.Count; i++)
        {
            if (Refused(() => Address.Parse(of.Servers[i])) is not null)
                yield return $"{Key(nameof(of.Servers))}:{i} is \"{of.Servers[i]}\", but must be the address of an " +
                    "actor system, such as akka.tcp://zab@server1:4051.";
        }
        for (var i = 0; i < of.Auth.Count; i++)
        {
            if (of.Auth[i].IndexOf(':', StringComparison.Ordinal) <= 0) // not shown: it may be a secret
                yield return $"{Key(nameof(of.Auth))}:{i} must be a scheme and credentials, such as " +
                    "digest:user:password.";
        }
        if (of.Sasl is { } sasl && string.IsNullOrEmpty(sasl.User) != string.IsNullOrEmpty(sasl.Password))
            yield return $"{Key(nameof(of.Sasl))} must have a User and a Password, or neither.";
        if (of.Tls && !hasConnectionString)
            yield return $"{Key(nameof(of.Tls))} is for {Key(nameof(of.ConnectionString))}: between actor systems " +
                "akka.remote.dot-netty.tcp encrypts.";
        (string, TimeSpan, TimeSpan)[] times =
        [
            (nameof(of.SessionTimeout), of.SessionTimeout, TimeSpan.FromMilliseconds(1)),
            (nameof(of.ConnectTimeout), of.ConnectTimeout, TimeSpan.FromMilliseconds(1)),
            (nameof(of.AttemptTimeout), of.AttemptTimeout, TimeSpan.FromMilliseconds(1)),
            (nameof(of.RetryPause), of.RetryPause, TimeSpan.FromMilliseconds(1)),
            (nameof(of.MaxRetryPause), of.MaxRetryPause, of.RetryPause),
            (nameof(of.StartTimeout), of.StartTimeout, TimeSpan.Zero),
        ];
        foreach (var (key, value, least) in times)
        {
            if (value < least || value.TotalMilliseconds > int.MaxValue)
                yield return $"{Key(key)} is {value:c}, but must be at least {least:c} and at most 24 days.";
        }
        if (of.MaxOutstandingRequests < 1)
            yield return $"{Key(nameof(of.MaxOutstandingRequests))} is {of.MaxOutstandingRequests}, but must be at " +
                "least 1.";
        if (Refused(() => Client.Chroot.Check(of.Chroot)) is { } chroot)
            yield return $"{Key(nameof(of.Chroot))} is not one: {chroot}";
        if (Refused(() => Paths.Check(of.LockPath)) is { } path)
            yield return $"{Key(nameof(of.LockPath))} is not one: {path}";
    }

    private string Key(string key) => section.Length == 0 ? key : $"{section}:{key}";

    private static string? Refused(Func<object> check)
    {
        try
        {
            check();
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Without the name of the parameter, which says nothing to who wrote the file.
            return e.Message.Split(" (Parameter", 2)[0];
        }
    }
}
