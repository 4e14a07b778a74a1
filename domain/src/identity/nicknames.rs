//! Forms of one given name: short forms, nicknames, and the same name in other languages.

use std::collections::HashMap;
use std::sync::OnceLock;

/// One name a line, as folded. Collected by hand from common usage; a form may belong to several names.
const FORMS: &str = "\
alexander alex sasha sascha xander alec alejandro aleksandr alessandro aleksander oleksandr iskander sandro
alexandra alex sasha sandra lexi lexie alexa alejandra aleksandra
abigail abby abbie gail
abraham abe ibrahim avraham
adam adi
albert al bert alberto
alfred alf alfie fred alfredo
alison ali allie alli
amanda mandy
andrew andy drew andreas andre andrei andrey andres andrea andrzej ondrej
angela angie angelika
ann anna anne annie nan nancy hannah ana anya ania
anthony tony antonio anton antoine antoni
antonia toni tonia
arthur art artie arturo artur
barbara barb barbie babs basia varvara
benedict ben benny benedikt
benjamin ben benny benji
bernard bernie bernhard bernd
bradley brad
brian bryan
cameron cam
caroline carol carrie karoline karolina carolina
carl karl carlos carlo charles
catherine kate katie kathy cathy cat katherine kathryn katharina katarina katarzyna kasia caterina ekaterina katya catalina yekaterina
charles charlie chuck chas carl carlos
charlotte lottie charlie carlotta
christian chris kristian
christina chris chrissy tina kristina christine kirsten cristina
christopher chris kit topher christoph christophe cristobal krzysztof kristof
clifford cliff
cynthia cindy
daniel dan danny daniil danilo
danielle dani
david dave davey davide dawid
deborah deb debbie debra
dennis denny denis
diana di diane
dmitry dima dmitri dimitri dmytro
donald don donny
dorothy dot dottie dolly dorothea dora
douglas doug
edward ed eddie ted ned eduardo eduard edouard
edmund ed eddie
eleanor ellie nell nora leonor eleonora
elizabeth liz lizzie beth betty betsy eliza lisa libby elisabeth elise elisa isabel isabella ela elzbieta bess
emily em emmy emilie emilia
emma em
ernest ernie ernst ernesto
eugene gene evgeny yevgeny eugen eugenio zhenya
evelyn eve evie
florence flo flossie
frances fran franny francesca francoise
francis frank fran francisco francesco francois franz paco pancho
franklin frank
frederick fred freddie freddy friedrich federico frederic fryderyk
gabriel gabe gabriele
gabrielle gabby gabi gabriela gaby
geoffrey geoff jeff jeffrey gottfried
george georgie georg jorge giorgio georges yuri jerzy georgios giorgos yorgos
gerald gerry jerry gerhard gerardo
gerard gerry jerry
gregory greg gregor grzegorz grigory
harold harry hal
harriet hattie
heinrich heinz henry henri
helen nell nellie helena elena helene yelena jelena olena
henry harry hank hal enrique enrico henri hendrik heinrich
herbert herb bert
isaac ike yitzhak
isabella bella izzy isabel isabelle
ivan vanya john
jacob jake jakob jacobo yakov jakub
jacqueline jackie
james jim jimmy jamie jem jaime santiago diego giacomo
jane janie jenny jan
janet jan
jasmine jazz jas yasmin yasmine
jennifer jen jenny jenn
jessica jess jessie
joan joanie juana
joanna jo joanne johanna joana
john jack johnny jon johan johann johannes hans juan giovanni jean jan ivan ioannis yannis sean ian joao
jonathan jon jonny nathan
joseph joe joey josef jose giuseppe jozef pepe yusuf youssef josep iosif
joshua josh
judith judy jutta
julia julie juliya yulia giulia iuliia julie
julian jules julien juliano
katrina kat trina
kenneth ken kenny
kevin kev
kimberly kim kimberley
konstantin kostya costas constantine
kristen kris krissy
larry lawrence laurence lorenzo laurent lars laurie
leonard leo len lenny leonardo leonhard
leo lev leon
lillian lily lil lilly liliana
louis lou louie luis luigi ludwig lewis
louise lou luisa lulu
lucas luke luca lukas luc lukasz
lucy lucia luzia lucie
margaret maggie meg peggy greta gretchen margarita margarethe marguerite margot marge madge rita malgorzata gosia
maria mary marie mariya mia mitzi masha marija miriam maryam
marcus mark marc marco marcos markus marek
martin marty martyn martino marcin
mary molly polly maria marie mimi
matilda tilly mathilde
matthew matt matty matthias mateo matteo mathieu mateusz matvei
maximilian max massimiliano
maxim max maksim
megan meg
melissa mel missy lissa
michael mike mick mickey mikey mikhail michel miguel michele mikael misha mihai michal
michelle shelly shell
mohammed mohamed muhammad mohammad mehmet mohamad mo
natalie nat natalia nataliya natasha nathalie
nathan nate nathaniel
nathaniel nate nat nathan
nicholas nick nicky nico nicolas nikolai nikolaus klaus niklas nicola mikolaj nikolaos kolya claus
nicole nikki nicky nicola
oliver ollie olly olivier
olivia liv livvy
pamela pam
patricia pat patty tricia trish patrizia
patrick pat paddy patricio patrizio
paul pablo paolo pavel pawel pauli
peter pete pedro pietro pierre piotr petr pyotr petros
philip phil pip phillip philipp felipe filippo philippe filip
rachel rach rachael raquel
raymond ray raimund ramon
rebecca becky becca bex rebekah
richard rick ricky dick rich richie ricardo riccardo ryszard
robert bob bobby rob robbie robin bert roberto rupert
roger rog rogelio ruediger
ronald ron ronnie ronaldo
rosemary rose rosie
roxanne roxy
rudolf rudi rolf rodolfo
russell russ rusty
samantha sam sammy
samuel sam sammy
sarah sally sadie sara
sebastian seb bastian sebastien basti
sergei sergey serge sergio serhii seryozha
sigmund siegmund ziggy zygmunt
simon si simone szymon simeon
sophia sophie sofia sofie sonya zofia
stanley stan stanislav stanislaw
stephen steve stevie steven stefan stephan esteban stefano etienne szczepan
stephanie steph stefanie stefania
susan sue susie suzie suzanne susanne susanna susana zuzanna zuzana
sylvia sylvie silvia
tamara tammy toma
terence terry terrence
theodore ted teddy theo fyodor teodoro theodor fedor
theresa terry tess tessa teresa therese tracy
thomas tom tommy tomas tommaso tomasz thom
timothy tim timmy timo timofey
tobias toby tobi
valentina val valya
valerie val valeria
vanessa nessa
veronica ronnie vera veronika veronique
victor vic viktor vittorio
victoria vicky tori vicki viktoria vittoria wiktoria
vincent vince vinny vincenzo vicente
vladimir vova volodymyr vlad wladimir
walter walt wally wolter gualtiero
wilhelm willi will william
william will bill billy willy liam guillermo guillaume guglielmo wilhelm willem
xavier javier javi
yevgenia zhenya eugenia evgenia
zachary zach zack zac
";

/// The lines a name is on: people with forms of one name share one.
pub fn lines(name: &str) -> &'static [u16] {
    table().get(name).map_or(&[], Vec::as_slice)
}

fn table() -> &'static HashMap<&'static str, Vec<u16>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<u16>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<&str, Vec<u16>> = HashMap::new();
        for (line, number) in FORMS.lines().zip(0_u16..) {
            for name in line.split(' ') {
                table.entry(name).or_default().push(number);
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_form(a: &str, b: &str) -> bool {
        lines(a).iter().any(|line| lines(b).contains(line))
    }

    #[test]
    fn forms_of_one_name_know_each_other() {
        for (a, b) in [
            ("bob", "robert"),
            ("william", "bill"),
            ("katya", "catherine"),
            ("giuseppe", "joseph"),
            ("sasha", "alexander"),
        ] {
            assert!(is_form(a, b) && is_form(b, a), "{a} {b}");
        }
        for (a, b) in [("bob", "william"), ("", ""), ("bob", ""), ("zzz", "zzz")] {
            assert!(!is_form(a, b), "{a} {b}");
        }
    }

    #[test]
    fn every_form_is_folded() {
        for name in FORMS.split_whitespace() {
            assert_eq!(crate::identity::text::fold(name), name);
        }
    }
}
