using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Sends what it gets to the test actor and, unless told otherwise, back to the sender.</summary>
public class EchoActor : ReceiveActor
{
    public EchoActor(TestKitBase testkit, bool echoBackToSenderAsWell = true)
    {
        var testActor = testkit.TestActor;
        ReceiveAny(message =>
        {
            if (echoBackToSenderAsWell && !testActor.Equals(Sender)) Sender.Forward(message);
            testActor.Tell(message, Sender);
        });
    }

    public static Props Props(TestKitBase testkit, bool echoBackToSenderAsWell = true) =>
        Actor.Props.Create(() => new EchoActor(testkit, echoBackToSenderAsWell));
}

/// <summary>Sends what it gets back to the sender.</summary>
public class SimpleEchoActor : ReceiveActor
{
    public SimpleEchoActor() => ReceiveAny(message => Sender.Tell(message, Self));

    public static Props Props() => Actor.Props.Create(() => new SimpleEchoActor());
}
