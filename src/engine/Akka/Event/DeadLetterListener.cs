using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes dead letters to the log: so many of them, then it falls silent for a while.</summary>
public class DeadLetterListener : ActorBase
{
    readonly int _limit = Context.System.Settings.LogDeadLetters;
    readonly TimeSpan _silence = Context.System.Settings.LogDeadLettersSuspendDuration;
    readonly ITimeProvider _clock = Context.System.Scheduler;
    int _count;
    int _silenced;
    TimeSpan? _silentUntil;

    protected override void PreStart()
    {
        var stream = Context.System.EventStream;
        stream.Subscribe(Self, typeof(DeadLetter));
        stream.Subscribe(Self, typeof(Dropped));
        stream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter || IsUserless(letter))
            return true;
        if (_silentUntil is { } until)
        {
            if (_clock.MonotonicClock < until)
            {
                _silenced++;
                return true;
            }

            _silentUntil = null;
            _count = 0;
        }

        if (_count != int.MaxValue)
            _count++;
        var last = _limit != int.MaxValue && _count >= _limit;
        Write(letter, last ? Ending() : $"[{_count}] dead letters encountered. ");
        return true;
    }

    // Log events and the like that arrive at a stopped logger would make the log feed itself.
    static bool IsUserless(AllDeadLetters letter) =>
        letter.Message is LogEvent or AllDeadLetters or IDeadLetterSuppression;

    string Ending()
    {
        if (_silence == Timeout.InfiniteTimeSpan)
        {
            Context.Stop(Self);
            return $"[{_count}] dead letters encountered, no more dead letters will be logged. ";
        }

        _silentUntil = _clock.MonotonicClock + _silence;
        _silenced = 0;
        return $"[{_count}] dead letters encountered, no more dead letters will be logged in next [{_silence}]. ";
    }

    void Write(AllDeadLetters letter, string counts)
    {
        var sender = letter.Sender is null || letter.Sender.Equals(Context.System.DeadLetters)
            ? "" : $" from {letter.Sender}";
        var what = letter switch
        {
            Dropped dropped => $"dropped. {dropped.Reason}. ",
            UnhandledMessage => "unhandled. ",
            _ => "not delivered. ",
        };
        var silenced = _silenced > 0 ? $"{_silenced} were not logged before. " : "";
        _silenced = 0;
        var message = WrappedMessage.Unwrap(letter.Message);
        var type = message.GetType();
        var text = message.ToString();
        var content = text is null || text == type.Name || text == type.ToString() ? "" : $" Message content: {text}";
        Context.System.EventStream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{type.Name}]{sender} to {letter.Recipient} was {what}{counts}{silenced}"
            + "This logging can be turned off or adjusted with configuration settings "
            + $"'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'.{content}"));
    }
}
