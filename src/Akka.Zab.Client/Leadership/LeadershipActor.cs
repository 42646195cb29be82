using Akka.Actor;
using Akka.Event;

namespace Akka.Zab.Client.Leadership;

/// <summary>The lead, once it is won.</summary>
/// <param name="FencingToken">Its token.</param>
/// <param name="IsHeld">Whether it is certainly held now.</param>
/// <param name="Lost">Cancelled when it is lost.</param>
/// <param name="ReleaseAsync">Gives it up; done when another can have it.</param>
internal sealed record Lead(
    long FencingToken, Func<bool> IsHeld, CancellationToken Lost, Func<Task> ReleaseAsync);

/// <summary>Stands for a candidate again and again, and tells it when it leads and when no longer.</summary>
internal sealed class LeadershipActor : UntypedActor, IWithTimers
{
    private sealed record Elected(int Term, Lead Lead);

    private sealed record NotElected(int Term, Exception Why);

    private sealed record Gone(int Term);

    private sealed record Released(int Term);

    private sealed record TryAgain(int Term);

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly IActorRef _candidate;
    private readonly Func<CancellationToken, Task<Lead>> _stand;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CancellationTokenSource _withdraw = new();
    private Task<Lead>? _standing;
    private Lead? _lead;
    private bool _resigned;
    private int _term;

    public LeadershipActor(string path, IActorRef candidate, Func<CancellationToken, Task<Lead>> stand)
    {
        _path = path;
        _candidate = candidate;
        _stand = stand;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.Watch(_candidate);
        Stand();
    }

    // Not started again: whoever asked for it is told, and may ask again.
    protected override void PreRestart(Exception reason, object message)
    {
        PostStop();
        Context.Stop(Self);
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PostStop() => _ = GiveUp();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Elected elected when elected.Term == _term:
                OnElected(elected.Lead);
                break;
            case NotElected failed when failed.Term == _term:
                OnNotElected(failed.Why);
                break;
            case Gone gone when gone.Term == _term:
                _log.Info("The lead of {0} with token {1} is lost.", _path, _lead!.FencingToken);
                ReleaseThenStand();
                break;
            case Released released when released.Term == _term && !_resigned:
            case TryAgain again when again.Term == _term && !_resigned:
                Stand();
                break;
            case Resign when !_resigned:
                _resigned = true;
                _ = GiveUp();
                break;
            case StandAgain when _resigned:
                _resigned = false;
                Stand();
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_candidate):
                Context.Stop(Self);
                break;
        }
    }

    private void Stand()
    {
        var term = ++_term;
        _withdraw = new CancellationTokenSource();
        _standing = _stand(_withdraw.Token);
        _standing.PipeTo(Self, Self, lead => new Elected(term, lead), why => new NotElected(term, why));
    }

    private void OnElected(Lead lead)
    {
        _standing = null;
        _lead = lead;
        if (!lead.IsHeld())
        {
            // Nobody was told, so there is nothing to take back.
            _lead = null;
            Release(lead);
            return;
        }
        var (self, term) = (Self, _term);
        _candidate.Tell(new BecomeLeader(_path, lead.FencingToken), self);
        lead.Lost.Register(() => self.Tell(new Gone(term), self));
    }

    private void OnNotElected(Exception why)
    {
        _standing = null;
        switch ((why as AggregateException)?.GetBaseException() ?? why)
        {
            case ZabException { Error: ZabError.ConnectionLoss or ZabError.OperationTimeout or ZabError.NoNode } e:
                // Somebody deleted the ticket, or the servers have no leader: that passes.
                _log.Warning("The election {0} is tried again: {1}", _path, e.Message);
                Timers.StartSingleTimer("again", new TryAgain(_term), _pause);
                break;
            case ZabException e:
                _candidate.Tell(new LeadershipOver(_path, e.Error), Self);
                Context.Stop(Self);
                break;
            case var e:
                _log.Error(e, "The election {0} has failed.", _path);
                _candidate.Tell(new LeadershipOver(_path, null), Self);
                Context.Stop(Self);
                break;
        }
    }

    private void ReleaseThenStand()
    {
        if (TakeBack() is { } lead) Release(lead);
    }

    private void Release(Lead lead)
    {
        var term = _term;
        lead.ReleaseAsync().PipeTo(Self, Self, () => new Released(term), _ => new Released(term));
    }

    /// <summary>The candidate learns first, then the others: what comes in between belongs to nobody.</summary>
    private Lead? TakeBack()
    {
        if (_lead is not { } lead) return null;
        _lead = null;
        _candidate.Tell(new LostLeadership(_path, lead.FencingToken), Self);
        return lead;
    }

    private async Task GiveUp()
    {
        // Whatever is on its way belongs to a term that is over.
        _term++;
        Timers.CancelAll();
        var (standing, withdraw, lead) = (_standing, _withdraw, TakeBack());
        _standing = null;
        await withdraw.CancelAsync().ConfigureAwait(false);
        try
        {
            // It may have been won at the very moment.
            if (standing is not null) lead = await standing.ConfigureAwait(false);
            if (lead is not null) await lead.ReleaseAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ZabException)
        {
            // Then there is nothing to give up.
        }
    }
}
