from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('editorial', '0002_the_editors_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='editor',
            name='must_choose_password',
            field=models.BooleanField(default=False, editable=False, help_text='Somebody else set the password: the next log-in leads to the page where the editor changes it.'),
        ),
    ]
